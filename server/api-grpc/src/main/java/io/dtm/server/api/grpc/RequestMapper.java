package io.dtm.server.api.grpc;

import com.google.protobuf.ByteString;
import io.dtm.protocol.StepJson;
import io.dtm.protocol.Topics;
import io.dtm.protocol.grpc.DtmRequest;
import io.dtm.protocol.grpc.DtmTransOptions;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Turns the wire's idea of a transaction into the engine's, and refuses what could not be carried
 * out. Thread-safe.
 */
final class RequestMapper {
  /** A header's name as HTTP defines it. */
  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final JsonTexts texts;

  RequestMapper(JsonTexts texts) {
    this.texts = texts;
  }

  /**
   * @throws InvalidRequest when a field is missing, wrong or contradicts another
   */
  TransactionRequest toRequest(DtmRequest request) {
    var gid = Fields.gid(request.getGid());
    var mode = Words.mode(request.getTransType());
    var steps = steps(mode, request);
    return new TransactionRequest(
        gid,
        spec(mode, request.getCustomData(), steps.size()),
        BranchProtocol.GRPC,
        options(request.getTransOptions()),
        checkBackUrl(mode, request.getQueryPrepared()),
        request.getCustomData(),
        steps);
  }

  private TransactionSpec spec(TransactionMode mode, String customData, int steps) {
    return switch (mode) {
      case SAGA -> {
        var data = texts.saga(customData);
        var flaw = SagaOrders.flaw(data.orders(), steps, data.concurrent());
        if (flaw.isPresent()) {
          throw InvalidRequest.of(
              Fields.CUSTOM_DATA + ".orders", flaw.get().value(), flaw.get().expected());
        }
        yield new TransactionSpec.Saga(data.concurrent(), SagaOrders.normalized(data.orders()));
      }
      case TCC -> new TransactionSpec.Tcc();
      case XA -> new TransactionSpec.Xa();
      case MESSAGE ->
          new TransactionSpec.Message(Duration.ofSeconds(texts.messageDelay(customData)));
      case WORKFLOW -> {
        var data = texts.workflow(customData);
        yield new TransactionSpec.Workflow(data.name(), data.data());
      }
    };
  }

  private static String checkBackUrl(TransactionMode mode, String url) {
    return switch (mode) {
      case MESSAGE, WORKFLOW -> Fields.address(Fields.QUERY_PREPARED, url);
      case SAGA, TCC, XA -> "";
    };
  }

  private static TransactionOptions options(DtmTransOptions options) {
    return new TransactionOptions(
        options.getWaitResult(),
        seconds("TimeoutToFail", options.getTimeoutToFail()),
        seconds("RequestTimeout", options.getRequestTimeout()),
        new RetryPolicy(
            seconds("RetryInterval", options.getRetryInterval()),
            count("RetryFactor", options.getRetryFactor(), RetryPolicy.FACTOR_MAX),
            seconds("RetryMaxInterval", options.getRetryMaxInterval()),
            count("RetryMaxAttempts", options.getRetryMaxAttempts()),
            seconds("RetryMaxAge", options.getRetryMaxAge())),
        count("RetryLimit", options.getRetryLimit()),
        options.getConcurrent(),
        checkedHeaders(options.getBranchHeadersMap()));
  }

  private static Duration seconds(String name, long value) {
    return Duration.ofSeconds(count(name, value));
  }

  private static int count(String name, long value) {
    return count(name, value, Integer.MAX_VALUE);
  }

  private static int count(String name, long value, int max) {
    if (value < 0 || value > max) {
      throw InvalidRequest.of(
          Fields.OPTIONS + "." + name, value, "a whole number from 0 to " + max);
    }
    return (int) value;
  }

  /**
   * A header that HTTP does not allow would make every call of a branch over HTTP fail, or smuggle
   * in another header.
   */
  private static Map<String, String> checkedHeaders(Map<String, String> headers) {
    var field = Fields.OPTIONS + ".BranchHeaders";
    headers.forEach((name, value) -> {
      if (!HEADER_NAME.matcher(name).matches()) {
        throw InvalidRequest.of(field, '"' + name + '"', "a name of a header");
      }
      if (value.chars().anyMatch(c -> c != '\t' && Character.isISOControl(c))) {
        throw InvalidRequest.of(field + "." + name, value, "a text without control characters");
      }
    });
    return headers;
  }

  private List<Step> steps(TransactionMode mode, DtmRequest request) {
    return switch (mode) {
      case SAGA, MESSAGE -> steps(mode, texts.steps(request.getSteps()), request);
      case TCC, XA, WORKFLOW -> List.of();
    };
  }

  private static List<Step> steps(TransactionMode mode, List<StepJson> wire, DtmRequest request) {
    var payloads = payloads(wire, request);
    if (payloads.size() < wire.size()) {
      throw InvalidRequest.of(
          Fields.PAYLOADS,
          payloads.size() + " given",
          "one for each of the %d steps".formatted(wire.size()));
    }
    var steps = new ArrayList<Step>(wire.size());
    for (var step : wire) {
      var field = "%s[%d]".formatted(Fields.STEPS, steps.size());
      steps.add(step(field, mode, step, payloads.get(steps.size())));
    }
    return steps;
  }

  private static Step step(String field, TransactionMode mode, StepJson wire, Payload payload) {
    if (wire.action() == null) {
      throw InvalidRequest.of(field + ".action", "", "an address, which may be empty");
    }
    boolean isTopic = mode == TransactionMode.MESSAGE && wire.action().startsWith(Topics.PREFIX);
    return new Step(
        isTopic ? wire.action() : Fields.address(field + ".action", wire.action()),
        Fields.address(field + ".compensate", Objects.requireNonNullElse(wire.compensate(), "")),
        payload);
  }

  /** Payloads of old clients, which stand in the steps, come behind the others. */
  private static List<Payload> payloads(List<StepJson> steps, DtmRequest request) {
    var payloads = new ArrayList<Payload>(steps.size());
    request.getBinPayloadsList().forEach(bytes -> payloads.add(payload(bytes)));
    for (var step : steps) {
      if (step.data() != null && !step.data().isEmpty()) {
        payloads.add(Payload.ofText(step.data()));
      }
    }
    return payloads;
  }

  static Payload payload(ByteString bytes) {
    return Payload.of(bytes.toByteArray());
  }
}
