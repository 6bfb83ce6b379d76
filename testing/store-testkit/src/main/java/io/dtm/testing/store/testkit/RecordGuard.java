package io.dtm.testing.store.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the record component that a test forgot. Two samples of one record must differ in every
 * component, at every depth; then a round trip of both proves that each component is carried.
 * Whoever adds a component and gives it the same value in both samples is told its name.
 */
final class RecordGuard {
  private RecordGuard() {}

  static void assertDifferInEveryComponent(Record one, Record other) {
    compare(one.getClass().getSimpleName(), one, other);
  }

  private static void compare(String path, @Nullable Object one, @Nullable Object other) {
    if (one instanceof Record && other instanceof Record && one.getClass() == other.getClass()) {
      compareComponents(path, one, other);
      return;
    }
    if (one instanceof List<?> ones && other instanceof List<?> others) {
      compareElements(path, ones, others);
      return;
    }
    assertThat(one)
        .as("%s: same in both samples, so nothing proves it is stored", path)
        .isNotEqualTo(other);
  }

  private static void compareComponents(String path, Object one, Object other) {
    for (var component : one.getClass().getRecordComponents()) {
      var accessor = component.getAccessor();
      try {
        accessor.setAccessible(true);
        compare(path + "." + component.getName(), accessor.invoke(one), accessor.invoke(other));
      } catch (ReflectiveOperationException e) {
        fail(path + "." + component.getName(), e);
      }
    }
  }

  private static void compareElements(String path, List<?> ones, List<?> others) {
    if (ones.isEmpty() || others.isEmpty()) {
      assertThat(ones).as("%s: same in both samples", path).isNotEqualTo(others);
      return;
    }
    compare(path + "[0]", ones.getFirst(), others.getFirst());
  }
}
