package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One answer over {@link Paths#JSON_RPC}. All four members are always there.
 *
 * @param error null on success
 * @param result null when there is nothing to tell; an empty object beside a refusal
 */
public record JsonRpcAnswerJson(
    @JsonProperty(JsonRpc.ERROR) @Nullable Problem error,
    @JsonProperty(JsonRpc.ID) String id,
    @JsonProperty(JsonRpc.JSONRPC) String version,
    @JsonProperty(JsonRpc.RESULT) @Nullable Object result) {

  /**
   * What went wrong.
   *
   * @param code one of those in {@link JsonRpc}
   */
  public record Problem(
      @JsonProperty(JsonRpc.CODE) int code, @JsonProperty(JsonRpc.MESSAGE) String message) {}
}
