package io.dtm.server.api;

import io.dtm.protocol.Keys;
import io.dtm.protocol.SagaDataJson;
import io.dtm.protocol.WorkflowDataJson;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what is particular to a mode and comes as a JSON text inside the JSON. An empty text stands
 * for none. Thread-safe.
 */
final class CustomDataReader {
  private static final String ORDERS_FIELD = Keys.CUSTOM_DATA + "." + Keys.ORDERS;

  private final JsonDocuments documents;

  CustomDataReader(JsonDocuments documents) {
    this.documents = documents;
  }

  SagaDataJson readSaga(String customData) {
    if (isNone(customData)) {
      return new SagaDataJson(Map.of(), false);
    }
    return documents.read(Keys.CUSTOM_DATA, customData, CustomDataReader::saga);
  }

  /** How long a message waits before its actions are called. */
  Duration readDelay(String customData) {
    if (isNone(customData)) {
      return Duration.ZERO;
    }
    var seconds = new int[1];
    return documents.read(
        Keys.CUSTOM_DATA,
        customData,
        input -> {
          input.document(
              Keys.CUSTOM_DATA,
              name -> {
                switch (name) {
                  case Keys.DELAY -> seconds[0] = input.count(Keys.CUSTOM_DATA + "." + Keys.DELAY);
                  default -> input.skip();
                }
              });
          return Duration.ofSeconds(seconds[0]);
        });
  }

  WorkflowDataJson readWorkflow(String customData) {
    if (isNone(customData)) {
      return new WorkflowDataJson("", null);
    }
    var nameAndData = new String[] {"", ""};
    return documents.read(
        Keys.CUSTOM_DATA,
        customData,
        input -> {
          input.document(
              Keys.CUSTOM_DATA,
              name -> {
                switch (name) {
                  case Keys.NAME -> nameAndData[0] = input.text(Keys.CUSTOM_DATA + "." + Keys.NAME);
                  case Keys.DATA -> nameAndData[1] = input.text(Keys.CUSTOM_DATA + "." + Keys.DATA);
                  default -> input.skip();
                }
              });
          return new WorkflowDataJson(nameAndData[0], nameAndData[1]);
        });
  }

  private static boolean isNone(String customData) {
    return customData.isEmpty() || customData.equals("null");
  }

  private static SagaDataJson saga(JsonInput input) throws IOException {
    var concurrent = new boolean[1];
    var orders = new LinkedHashMap<Integer, List<Integer>>();
    input.document(
        Keys.CUSTOM_DATA,
        name -> {
          switch (name) {
            case Keys.CONCURRENT -> concurrent[0] = input.flag("custom_data.concurrent");
            case Keys.ORDERS -> readOrders(input, orders);
            default -> input.skip();
          }
        });
    return new SagaDataJson(orders, concurrent[0]);
  }

  private static void readOrders(JsonInput input, Map<Integer, List<Integer>> orders)
      throws IOException {
    orders.clear();
    if (input.isList()) { // PHP makes a list of a map whose keys happen to be 0, 1, 2, …
      input.list(
          ORDERS_FIELD, i -> orders.put(i, readPredecessors(input, ORDERS_FIELD + "[" + i + "]")));
      return;
    }
    input.object(
        ORDERS_FIELD,
        name -> orders.put(stepIndex(name), readPredecessors(input, ORDERS_FIELD + "." + name)));
  }

  private static List<Integer> readPredecessors(JsonInput input, String field) throws IOException {
    var predecessors = new ArrayList<Integer>();
    input.list(field, i -> predecessors.add(input.count(field + "[" + i + "]")));
    return predecessors;
  }

  private static int stepIndex(String name) {
    try {
      return Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw InvalidRequest.of(ORDERS_FIELD, '"' + name + '"', "indexes of steps as keys");
    }
  }
}
