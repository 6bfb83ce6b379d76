package io.dtm.server.api;

import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.dtm.protocol.JsonRpc;
import io.dtm.protocol.Keys;
import io.dtm.protocol.OptionsJson;
import io.dtm.protocol.StepJson;
import io.dtm.protocol.SubmitJson;
import io.dtm.server.core.RetryPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a command says of a transaction into its wire record: types and sizes are checked
 * here, meaning is not. Thread-safe.
 */
final class SubmitReader {
  private final JsonDocuments documents;
  private final int stepsMax;

  SubmitReader(JsonDocuments documents, int stepsMax) {
    this.documents = documents;
    this.stepsMax = stepsMax;
  }

  SubmitJson read(byte[] body) {
    return documents.read("body", body, input -> new Members(input).readAll("body"));
  }

  SubmitJson read(TokenBuffer params) {
    return documents.read(
        JsonRpc.PARAMS, params, input -> new Members(input).readAll(JsonRpc.PARAMS));
  }

  /** The members of one body, as far as they are read. */
  private final class Members {
    private final JsonInput input;

    private String gid = "";
    private String transType = "";
    private List<StepJson> steps = List.of();
    private List<String> payloads = List.of();
    private String queryPrepared = "";
    private String protocol = "";
    private String customData = "";
    private String rollbackReason = "";
    private Map<String, String> requestExtra = Map.of();

    private boolean waitResult;
    private int timeoutToFail;
    private int requestTimeout;
    private int retryInterval;
    private int retryLimit;
    private int retryFactor;
    private int retryMaxInterval;
    private int retryMaxAttempts;
    private int retryMaxAge;
    private Map<String, String> branchHeaders = Map.of();
    private boolean concurrent;

    Members(JsonInput input) {
      this.input = input;
    }

    SubmitJson readAll(String field) throws IOException {
      input.document(field, this::read);
      var options =
          new OptionsJson(
              waitResult,
              timeoutToFail,
              requestTimeout,
              retryInterval,
              branchHeaders,
              concurrent,
              retryLimit,
              retryFactor,
              retryMaxInterval,
              retryMaxAttempts,
              retryMaxAge,
              0);
      return new SubmitJson(
          gid,
          transType,
          steps,
          payloads,
          queryPrepared,
          protocol,
          customData,
          rollbackReason,
          requestExtra,
          options);
    }

    private void read(String name) throws IOException {
      switch (name) {
        case Keys.GID -> gid = input.text(name);
        case Keys.TRANS_TYPE -> transType = input.text(name);
        case Keys.STEPS -> steps = readSteps();
        case Keys.PAYLOADS -> payloads = input.texts(name);
        case Keys.QUERY_PREPARED -> queryPrepared = input.text(name);
        case Keys.PROTOCOL -> protocol = input.text(name);
        case Keys.CUSTOM_DATA -> customData = input.text(name);
        case Keys.ROLLBACK_REASON -> rollbackReason = input.text(name);
        case Keys.REQ_EXTRA -> requestExtra = input.textMap(name);
        case Keys.WAIT_RESULT -> waitResult = input.flag(name);
        case Keys.TIMEOUT_TO_FAIL -> timeoutToFail = input.count(name);
        case Keys.REQUEST_TIMEOUT -> requestTimeout = input.count(name);
        case Keys.RETRY_INTERVAL -> retryInterval = input.count(name);
        case Keys.RETRY_LIMIT -> retryLimit = input.count(name);
        case Keys.RETRY_FACTOR -> retryFactor = input.count(name, RetryPolicy.FACTOR_MAX);
        case Keys.RETRY_MAX_INTERVAL -> retryMaxInterval = input.count(name);
        case Keys.RETRY_MAX_ATTEMPTS -> retryMaxAttempts = input.count(name);
        case Keys.RETRY_MAX_AGE -> retryMaxAge = input.count(name);
        case Keys.BRANCH_HEADERS -> branchHeaders = input.textMap(name);
        case Keys.CONCURRENT -> concurrent = input.flag(name);
        default -> input.skip();
      }
    }

    private List<StepJson> readSteps() throws IOException {
      var read = new ArrayList<StepJson>();
      input.list(
          Keys.STEPS,
          i -> {
            if (i >= stepsMax) {
              throw InvalidRequest.of(
                  Keys.STEPS, "more than " + stepsMax, "at most MaxSteps = " + stepsMax);
            }
            read.add(readStep("steps[" + i + "]"));
          });
      return read;
    }

    private StepJson readStep(String field) throws IOException {
      var step = new StepMembers();
      input.object(
          field,
          name -> {
            switch (name) {
              case Keys.ACTION -> step.action = input.text(field + ".action");
              case Keys.COMPENSATE -> step.compensate = input.text(field + ".compensate");
              case Keys.DATA -> step.data = input.text(field + ".data");
              default -> input.skip();
            }
          });
      return new StepJson(step.action, step.compensate, step.data);
    }
  }

  private static final class StepMembers {
    private @Nullable String action;
    private @Nullable String compensate;
    private @Nullable String data;
  }
}
