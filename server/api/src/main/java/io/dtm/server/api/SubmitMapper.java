package io.dtm.server.api;

import io.dtm.protocol.Keys;
import io.dtm.protocol.OptionsJson;
import io.dtm.protocol.Protocols;
import io.dtm.protocol.StepJson;
import io.dtm.protocol.SubmitJson;
import io.dtm.protocol.TransTypes;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.Payload;
import io.dtm.server.core.Step;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.engine.TransactionRequest;
import java.time.Duration;
import java.util.ArrayList;
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

  private final SubmitReader reader;

  SubmitMapper(SubmitReader reader) {
    this.reader = reader;
  }

  /**
   * @throws InvalidRequest when a member is missing, wrong or contradicts another
   */
  TransactionRequest toRequest(SubmitJson json) {
    var gid = Gids.parse(json.gid());
    var mode = Words.mode(Keys.TRANS_TYPE, json.transType());
    var spec = spec(mode, json);
    return new TransactionRequest(
        gid,
        spec,
        protocol(json.protocol()),
        options(json.options()),
        "",
        json.customData(),
        steps(json));
  }

  private TransactionSpec spec(TransactionMode mode, SubmitJson json) {
    return switch (mode) {
      case SAGA -> saga(json);
      case TCC, XA, MESSAGE, WORKFLOW ->
          throw InvalidRequest.of(
              Keys.TRANS_TYPE,
              json.transType(),
              TransTypes.SAGA + ": this version of the server does not run the other modes yet");
    };
  }

  private TransactionSpec saga(SubmitJson json) {
    var data = reader.readSagaData(json.customData());
    var orders = SagaOrders.checked(data.orders(), json.steps().size(), data.concurrent());
    return new TransactionSpec.Saga(data.concurrent(), orders);
  }

  private static BranchProtocol protocol(String word) {
    return Words.protocol(Keys.PROTOCOL, word.isEmpty() ? Protocols.HTTP : word);
  }

  private static TransactionOptions options(OptionsJson json) {
    return new TransactionOptions(
        json.waitResult(),
        Duration.ofSeconds(json.timeoutToFail()),
        Duration.ofSeconds(json.requestTimeout()),
        Duration.ofSeconds(json.retryInterval()),
        Math.toIntExact(json.retryLimit()),
        json.concurrent(),
        checkedHeaders(Objects.requireNonNullElse(json.branchHeaders(), Map.of())));
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

  private static List<Step> steps(SubmitJson json) {
    var payloads = payloads(json);
    if (payloads.size() < json.steps().size()) {
      throw InvalidRequest.of(
          Keys.PAYLOADS,
          payloads.size() + " given",
          "one for each of the %d steps".formatted(json.steps().size()));
    }
    var steps = new ArrayList<Step>(json.steps().size());
    for (var step : json.steps()) {
      steps.add(step("steps[" + steps.size() + "]", step, payloads.get(steps.size())));
    }
    return steps;
  }

  private static Step step(String field, StepJson json, String payload) {
    if (json.action() == null) {
      throw InvalidRequest.of(field + ".action", "missing", "an address, which may be empty");
    }
    return new Step(
        BranchUrls.check(field + ".action", json.action()),
        BranchUrls.check(field + ".compensate", Objects.requireNonNullElse(json.compensate(), "")),
        Payload.ofText(payload));
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
