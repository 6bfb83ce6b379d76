package io.dtm.server.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import io.dtm.server.core.Payload;
import io.dtm.server.core.SagaOrders;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what is particular to a mode, from the reference's {@code custom_data}. */
final class ReferenceSpecs {
  private static final String NAME = "custom_data";
  private static final String ORDERS = NAME + ".orders";

  private ReferenceSpecs() {}

  /**
   * @param branches how many there are, each operation counted
   * @throws IllegalArgumentException when it cannot be read or carried out
   */
  static TransactionSpec read(TransactionMode mode, String customData, int branches) {
    return switch (mode) {
      case SAGA -> saga(JsonFields.of(NAME, customData), branches / 2);
      case TCC -> new TransactionSpec.Tcc();
      case XA -> new TransactionSpec.Xa();
      case MESSAGE ->
          new TransactionSpec.Message(
              Duration.ofSeconds(JsonFields.of(NAME, customData).count("delay")));
      case WORKFLOW -> workflow(JsonFields.of(NAME, customData));
    };
  }

  private static TransactionSpec saga(JsonFields data, int steps) {
    boolean concurrent = data.flag("concurrent");
    var orders = orders(data);
    var flaw = SagaOrders.flaw(orders, steps, concurrent);
    if (flaw.isPresent()) {
      throw new IllegalArgumentException(
          "%s: %s (expected: %s)".formatted(ORDERS, flaw.get().value(), flaw.get().expected()));
    }
    return new TransactionSpec.Saga(concurrent, SagaOrders.normalized(orders));
  }

  private static Map<Integer, List<Integer>> orders(JsonFields data) {
    var found = data.find("orders");
    if (found == null) {
      return Map.of();
    }
    var orders = new LinkedHashMap<Integer, List<Integer>>();
    new JsonFields(ORDERS, found)
        .object()
        .properties()
        .forEach(order -> orders.put(step(order.getKey()), predecessors(order.getValue())));
    return orders;
  }

  private static int step(String key) {
    try {
      return Integer.parseInt(key);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s: \"%s\" (expected: indexes of steps as keys)".formatted(ORDERS, key), e);
    }
  }

  private static List<Integer> predecessors(JsonNode list) {
    return list.isNull()
        ? List.of()
        : JsonFields.list(ORDERS, list).stream().map(n -> JsonFields.count(ORDERS, n)).toList();
  }

  private static TransactionSpec workflow(JsonFields data) {
    var name = data.text("name");
    if (name.isEmpty()) {
      throw new IllegalArgumentException(NAME + ".name: missing (expected: that of a workflow)");
    }
    try {
      return new TransactionSpec.Workflow(
          name, Payload.of(Base64.getDecoder().decode(data.text("data"))));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s.data: no base64 (%s)".formatted(NAME, e.getMessage()), e);
    }
  }
}
