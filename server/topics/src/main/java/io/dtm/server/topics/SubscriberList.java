package io.dtm.server.topics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dtm.protocol.SubscriberJson;
import io.dtm.server.core.KeyValueStore.Entry;
import java.util.Arrays;
import java.util.List;

/** The subscribers of a topic as they are stored. Thread-safe. */
final class SubscriberList {
  private final ObjectReader reader;
  private final ObjectWriter writer;

  SubscriberList() {
    var json = JsonMapper.builder().build();
    reader = json.readerFor(SubscriberJson[].class);
    writer = json.writerFor(SubscriberJson[].class);
  }

  /**
   * @throws IllegalStateException when something else stands there
   */
  List<SubscriberJson> read(Entry entry) {
    try {
      SubscriberJson[] subscribers = reader.readValue(entry.value());
      return subscribers == null ? List.of() : Arrays.asList(subscribers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "setting %s/%s: version %d is no list of subscribers"
              .formatted(entry.category(), entry.key(), entry.version()),
          e);
    }
  }

  String write(List<SubscriberJson> subscribers) {
    try {
      return writer.writeValueAsString(subscribers.toArray(SubscriberJson[]::new));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("subscribers cannot be written as JSON", e);
    }
  }
}
