package io.dtm.interop.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;

/** What a query shows of a transaction. */
record Found(JsonNode transaction, JsonNode branches) {
  String status() {
    return transaction.path("status").asText();
  }

  String reason() {
    return transaction.path("rollback_reason").asText();
  }

  String result() {
    return transaction.path("result").asText();
  }

  long retryInterval() {
    return transaction.path("next_cron_interval").asLong();
  }

  /** Branch, operation and status of each row, such as {@code 01 action succeed}. */
  List<String> rows() {
    return StreamSupport.stream(branches.spliterator(), false)
        .map(row ->
            "%s %s %s"
                .formatted(
                    row.path("branch_id").asText(),
                    row.path("op").asText(),
                    row.path("status").asText()))
        .toList();
  }

  /** The statuses of the rows alone. */
  List<String> statuses() {
    return StreamSupport.stream(branches.spliterator(), false)
        .map(row -> row.path("status").asText())
        .toList();
  }
}
