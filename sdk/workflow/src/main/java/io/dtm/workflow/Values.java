package io.dtm.workflow;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dtm.client.Payload;
import java.io.IOException;

/**
 * Between the values of functions and the bytes that are recorded: JSON, and payloads as they
 * stand. Knows the modules of Jackson that lie beside it, such as that for times. Thread-safe.
 */
final class Values {
  private final JsonMapper json =
      JsonMapper.builder()
          .findAndAddModules()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  Payload write(Object value) {
    requireNonNull(value, "value");
    if (value instanceof Payload payload) {
      return payload;
    }
    try {
      return Payload.of(json.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "value: %s cannot be written as JSON: %s"
              .formatted(value.getClass().getName(), e.getOriginalMessage()),
          e);
    }
  }

  <T> T read(Payload payload, Class<T> type) {
    if (type == Payload.class) {
      return type.cast(payload);
    }
    try {
      return requireNonNull(json.readValue(payload.bytes(), type), "value");
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "value: %d bytes that are no %s (expected: JSON of it): %s"
              .formatted(payload.bytes().length, type.getName(), e.getMessage()),
          e);
    }
  }
}
