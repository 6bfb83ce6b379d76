package io.dtm.server.transfer;

import io.dtm.server.core.TransactionOptions;
import java.time.Duration;

/** Reads the options that a client has set, from the reference's JSON. */
final class ReferenceOptions {
  private ReferenceOptions() {}

  /**
   * @throws IllegalArgumentException when they cannot be read
   */
  static TransactionOptions read(String options) {
    var json = JsonFields.of("options", options);
    return new TransactionOptions(
        json.flag("wait_result"),
        seconds(json, "timeout_to_fail"),
        seconds(json, "request_timeout"),
        seconds(json, "retry_interval"),
        json.count("retry_limit"),
        json.flag("concurrent"),
        json.texts("branch_headers"));
  }

  private static Duration seconds(JsonFields json, String field) {
    return Duration.ofSeconds(json.count(field));
  }
}
