package io.dtm.testing.sdk;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each mode against the real server, in each case, over HTTP and over gRPC. A saga that was
 * submitted needs nobody any more, so there is nobody to ask.
 */
class MatrixTest {
  private static final List<Class<?>> MODES =
      List.of(SagaTest.class, TccTest.class, MessageTest.class, XaTest.class);

  @Test
  void everyModeIsTriedInEveryCase() {
    assertThat(table())
        .isEqualTo(
            """
                      success  rollback  retry  check_back  nested
            Saga          yes       yes    yes           -     yes
            Tcc           yes       yes    yes         yes     yes
            Message       yes       yes    yes         yes     yes
            Xa            yes       yes    yes         yes     yes
            """);
  }

  @Test
  void everyModeIsTriedOnEveryWay() {
    assertThat(MODES).allMatch(ModeContract.class::isAssignableFrom);
    assertThat(ModeContract.class).hasAnnotations(ParameterizedClass.class, EnumSource.class);
    assertThat(ModeContract.class.getAnnotation(EnumSource.class).names()).isEmpty();
  }

  private static String table() {
    return line("", one -> one.name().toLowerCase(Locale.ROOT))
        + MODES.stream()
            .map(mode ->
                line(
                    mode.getSimpleName().replace("Test", ""),
                    one -> isShown(mode, one) ? "yes" : "-"))
            .collect(joining());
  }

  private interface Content {
    String of(Case one);
  }

  private static String line(String mode, Content content) {
    return "%-8s%s\n"
        .formatted(
            mode,
            Arrays.stream(Case.values())
                .map(one -> "%" + (one.name().length() + 2) + "s")
                .collect(joining())
                .formatted(Arrays.stream(Case.values()).map(content::of).toArray()));
  }

  private static boolean isShown(Class<?> mode, Case one) {
    return Arrays.stream(mode.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .filter(method -> method.isAnnotationPresent(Shows.class))
        .anyMatch(method -> List.of(method.getAnnotation(Shows.class).value()).contains(one));
  }
}
