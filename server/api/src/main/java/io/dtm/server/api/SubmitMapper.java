package io.dtm.server.api;

import io.dtm.protocol.Keys;
import io.dtm.protocol.OptionsJson;
import io.dtm.protocol.Protocols;
import io.dtm.protocol.StepJson;
import io.dtm.protocol.SubmitJson;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.Payload;
import io.dtm.server.core.RetryPolicy;
import io.dtm.server.core.SagaOrders;
import io.dtm.server.core.Step;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.engine.TransactionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Turns the wire's idea of a transaction into the engine's, and refuses what could not be carried
 * out. Thread-safe.
 */
final class SubmitMapper {
  /** A header's name as HTTP defines it. */
  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private static final int WORKFLOW_NAME_LENGTH_MAX = 128;

  private final CustomDataReader customData;

  /** How one mode reads a step. */
  @FunctionalInterface
  private interface StepMapping {
    Step toStep(String field, StepJson json, Payload payload);
  }

  SubmitMapper(CustomDataReader customData) {
    this.customData = customData;
  }

  /**
   * @param trace of the request that asks for it
   * @throws InvalidRequest when a member is missing, wrong or contradicts another
   */
  TransactionRequest toRequest(SubmitJson json, TraceContext trace) {
    var gid = Gids.parse(json.gid());
    var mode = Words.mode(Keys.TRANS_TYPE, json.transType());
    var spec = spec(mode, json);
    return new TransactionRequest(
        gid,
        spec,
        protocol(json.protocol()),
        options(json.options(), trace),
        checkBackUrl(mode, json),
        json.customData(),
        steps(mode, json));
  }

  private TransactionSpec spec(TransactionMode mode, SubmitJson json) {
    return switch (mode) {
      case SAGA -> saga(json);
      case TCC -> new TransactionSpec.Tcc();
      case XA -> new TransactionSpec.Xa();
      case MESSAGE -> new TransactionSpec.Message(customData.readDelay(json.customData()));
      case WORKFLOW -> workflow(json);
    };
  }

  private TransactionSpec saga(SubmitJson json) {
    var data = customData.readSaga(json.customData());
    var flaw = SagaOrders.flaw(data.orders(), json.steps().size(), data.concurrent());
    if (flaw.isPresent()) {
      throw InvalidRequest.of("custom_data.orders", flaw.get().value(), flaw.get().expected());
    }
    return new TransactionSpec.Saga(data.concurrent(), SagaOrders.normalized(data.orders()));
  }

  private TransactionSpec workflow(SubmitJson json) {
    var data = customData.readWorkflow(json.customData());
    var name = Names.check("custom_data.name", data.name(), WORKFLOW_NAME_LENGTH_MAX);
    var base64 = Objects.requireNonNullElse(data.data(), "");
    try {
      return new TransactionSpec.Workflow(name, Payload.of(Base64.getDecoder().decode(base64)));
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of("custom_data.data", base64, "bytes in base64, or null");
    }
  }

  private static String checkBackUrl(TransactionMode mode, SubmitJson json) {
    return switch (mode) {
      case MESSAGE, WORKFLOW -> BranchUrls.check(Keys.QUERY_PREPARED, json.queryPrepared());
      case SAGA, TCC, XA -> "";
    };
  }

  private static BranchProtocol protocol(String word) {
    return Words.protocol(Keys.PROTOCOL, word.isEmpty() ? Protocols.HTTP : word);
  }

  private static TransactionOptions options(OptionsJson json, TraceContext trace) {
    var headers = checkedHeaders(Objects.requireNonNullElse(json.branchHeaders(), Map.of()));
    return new TransactionOptions(
        json.waitResult(),
        Duration.ofSeconds(json.timeoutToFail()),
        Duration.ofSeconds(json.requestTimeout()),
        new RetryPolicy(
            Duration.ofSeconds(json.retryInterval()),
            Math.toIntExact(json.retryFactor()),
            Duration.ofSeconds(json.retryMaxInterval()),
            Math.toIntExact(json.retryMaxAttempts()),
            Duration.ofSeconds(json.retryMaxAge())),
        Math.toIntExact(json.retryLimit()),
        json.concurrent(),
        trace.addedTo(headers));
  }

  /** A header that HTTP does not allow would make every call fail, or smuggle in another header. */
  private static Map<String, String> checkedHeaders(Map<String, String> headers) {
    headers.forEach((name, value) -> {
      if (!HEADER_NAME.matcher(name).matches()) {
        throw InvalidRequest.of(Keys.BRANCH_HEADERS, '"' + name + '"', "a name of a header");
      }
      if (value.chars().anyMatch(c -> c != '\t' && Character.isISOControl(c))) {
        throw InvalidRequest.of(
            Keys.BRANCH_HEADERS + "." + name, value, "a text without control characters");
      }
    });
    return headers;
  }

  /** Branches of the other modes are registered one by one. */
  private static List<Step> steps(TransactionMode mode, SubmitJson json) {
    return switch (mode) {
      case SAGA -> steps(json, SubmitMapper::sagaStep);
      case MESSAGE -> steps(json, SubmitMapper::messageStep);
      case TCC, XA, WORKFLOW -> List.of();
    };
  }

  private static List<Step> steps(SubmitJson json, StepMapping mapping) {
    var payloads = payloads(json);
    if (payloads.size() < json.steps().size()) {
      throw InvalidRequest.of(
          Keys.PAYLOADS,
          payloads.size() + " given",
          "one for each of the %d steps".formatted(json.steps().size()));
    }
    var steps = new ArrayList<Step>(json.steps().size());
    for (var step : json.steps()) {
      var field = "steps[" + steps.size() + "]";
      steps.add(mapping.toStep(field, step, Payload.ofText(payloads.get(steps.size()))));
    }
    return steps;
  }

  private static Step sagaStep(String field, StepJson json, Payload payload) {
    return new Step(
        BranchUrls.check(field + ".action", action(field, json)),
        BranchUrls.check(field + ".compensate", Objects.requireNonNullElse(json.compensate(), "")),
        payload);
  }

  private static Step messageStep(String field, StepJson json, Payload payload) {
    return new Step(BranchUrls.checkOrTopic(field + ".action", action(field, json)), "", payload);
  }

  private static String action(String field, StepJson json) {
    if (json.action() == null) {
      throw InvalidRequest.of(field + ".action", "missing", "an address, which may be empty");
    }
    return json.action();
  }

  /** Payloads of old clients, which stand in the steps, come behind the others. */
  private static List<String> payloads(SubmitJson json) {
    var inSteps = new ArrayList<String>(0);
    for (var step : json.steps()) {
      if (step.data() != null && !step.data().isEmpty()) {
        inSteps.add(step.data());
      }
    }
    if (inSteps.isEmpty()) {
      return json.payloads();
    }
    var all = new ArrayList<>(json.payloads());
    all.addAll(inSteps);
    return all;
  }
}
