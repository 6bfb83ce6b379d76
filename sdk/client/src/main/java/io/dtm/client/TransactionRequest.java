package io.dtm.client;

import io.dtm.protocol.OptionsJson;
import io.dtm.protocol.StepJson;
import io.dtm.protocol.SubmitJson;
import java.util.List;
import java.util.Map;

/**
 * A transaction as it is given to a manager.
 *
 * @param queryUrl where a message's sender is asked whether it committed; else empty
 * @param customData what is particular to the mode, as a JSON text; else empty
 */
record TransactionRequest(
    String gid,
    TransactionMode mode,
    List<StepJson> steps,
    List<Payload> payloads,
    String queryUrl,
    String customData,
    OptionsJson options) {

  private static final String NO_REASON = "";

  TransactionRequest {
    steps = List.copyOf(steps);
    payloads = List.copyOf(payloads);
  }

  /** Without steps, as TCC and XA are. */
  static TransactionRequest of(String gid, TransactionMode mode, OptionsJson options) {
    return new TransactionRequest(gid, mode, List.of(), List.of(), "", "", options);
  }

  boolean waitsForResult() {
    return options.waitResult();
  }

  SubmitJson json() {
    return json(NO_REASON);
  }

  /** Without payloads, which go another way. */
  SubmitJson json(String rollbackReason) {
    return new SubmitJson(
        gid,
        mode.word(),
        steps,
        List.of(),
        queryUrl,
        "",
        customData,
        rollbackReason,
        Map.of(),
        options);
  }
}
