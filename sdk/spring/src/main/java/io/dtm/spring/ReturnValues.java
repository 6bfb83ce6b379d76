package io.dtm.spring;

import io.dtm.client.Payload;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** What methods return that have nothing to tell. */
final class ReturnValues {
  private ReturnValues() {}

  /** The value, or what a method of that type returns in place of none: null, zero or false. */
  static @Nullable Object orNothing(Class<?> type, @Nullable Object value) {
    if (value != null || !type.isPrimitive() || type == void.class) {
      return value;
    }
    return Array.get(Array.newInstance(type, 1), 0);
  }

  /** What a participant's method returned, from the body of its answer; null for nothing. */
  static @Nullable Object read(Payload answer, Method method, JsonPayloads payloads) {
    return method.getReturnType() == void.class || answer.isEmpty()
        ? null
        : payloads.read(answer, method.getGenericReturnType());
  }
}
