package io.dtm.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ErrorTextsTest {
  private final List<String> warnings = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private final List<Throwable> details = new ArrayList<>();
  private final ErrorTexts texts =
      new ErrorTexts(
          new ErrorLines(new Random(1), () -> Instant.EPOCH.plusSeconds(10)),
          new ErrorTexts.Log(
              warnings::add, (line, e) -> errors.add(line), (line, e) -> details.add(e)));

  @Test
  void theClientIsToldTheNumberOfTheLineThatSaysWhy() {
    var told = texts.unavailable(new StoreUnavailable("disk full"));

    assertThat(told)
        .matches(
            "the store is unavailable, the request may or may not have taken effect"
                + " \\(error [0-9a-f]{8}\\)");
    var number = told.replaceAll(".*error |\\)", "");
    assertThat(warnings)
        .containsExactly(
            "store unavailable (error %s; 0 others left out): disk full".formatted(number));
    assertThat(details).hasSize(1);
  }

  @Test
  void ofABugTheClientHearsNoMoreThanTheNumber() {
    var told = texts.internal(new IllegalStateException("a secret"));

    assertThat(told).matches("internal error [0-9a-f]{8}");
    assertThat(errors).singleElement().asString().startsWith(told);
  }

  @Test
  void whatCannotBeReadIsNamed() {
    var told = texts.unreadable(new StoredRecordUnreadable("progress of a: format 99"));

    assertThat(told)
        .startsWith(
            "this server cannot read what is stored, nothing was changed; a newer one may (")
        .contains("progress of a: format 99")
        .matches(".*, error [0-9a-f]{8}\\)");
  }
}
