package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client may set for one transaction. Its members stand beside the others in {@link
 * SubmitJson} and {@link TransactionJson}, and once more as a text in {@link
 * TransactionJson#options}. Zero, false and null stand for the server's default; times are in
 * seconds.
 *
 * @param concurrent of a message only; a saga says so in {@link SagaDataJson}
 * @param retryFactor ours, like the next three: by which pauses grow
 * @param retryMaxInterval how long they get
 * @param retryMaxAttempts failed attempts in a row after which it is parked
 * @param retryMaxAge time without progress after which it is parked
 * @param retryCount set by the server: the highest number of errors of any branch
 */
public record OptionsJson(
    @JsonProperty(Keys.WAIT_RESULT) @JsonInclude(Include.NON_DEFAULT) boolean waitResult,
    @JsonProperty(Keys.TIMEOUT_TO_FAIL) @JsonInclude(Include.NON_DEFAULT) long timeoutToFail,
    @JsonProperty(Keys.REQUEST_TIMEOUT) @JsonInclude(Include.NON_DEFAULT) long requestTimeout,
    @JsonProperty(Keys.RETRY_INTERVAL) @JsonInclude(Include.NON_DEFAULT) long retryInterval,
    @JsonProperty(Keys.BRANCH_HEADERS) @JsonInclude(Include.NON_EMPTY)
        @Nullable Map<String, String> branchHeaders,
    @JsonProperty(Keys.CONCURRENT) boolean concurrent,
    @JsonProperty(Keys.RETRY_LIMIT) @JsonInclude(Include.NON_DEFAULT) long retryLimit,
    @JsonProperty(Keys.RETRY_FACTOR) @JsonInclude(Include.NON_DEFAULT) long retryFactor,
    @JsonProperty(Keys.RETRY_MAX_INTERVAL) @JsonInclude(Include.NON_DEFAULT) long retryMaxInterval,
    @JsonProperty(Keys.RETRY_MAX_ATTEMPTS) @JsonInclude(Include.NON_DEFAULT) long retryMaxAttempts,
    @JsonProperty(Keys.RETRY_MAX_AGE) @JsonInclude(Include.NON_DEFAULT) long retryMaxAge,
    @JsonProperty(Keys.RETRY_COUNT) @JsonInclude(Include.NON_DEFAULT) long retryCount) {

  /** Options as the reference knows them. */
  public OptionsJson(
      boolean waitResult,
      long timeoutToFail,
      long requestTimeout,
      long retryInterval,
      @Nullable Map<String, String> branchHeaders,
      boolean concurrent,
      long retryLimit,
      long retryCount) {
    this(
        waitResult,
        timeoutToFail,
        requestTimeout,
        retryInterval,
        branchHeaders,
        concurrent,
        retryLimit,
        0,
        0,
        0,
        0,
        retryCount);
  }
}
