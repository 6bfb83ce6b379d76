package io.dtm.spring;

import io.dtm.client.Message;
import io.dtm.client.Payload;
import io.dtm.client.Saga;
import io.dtm.client.TccBranches;
import io.dtm.client.XaBranches;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Turns calls of an interface's methods into steps of a transaction. */
final class ParticipantCalls implements InvocationHandler {
  private final Class<?> type;
  private final ParticipantType participant;
  private final ServiceAddresses addresses;
  private final JsonPayloads payloads;
  private final Mode mode;

  /** What a call becomes in a transaction of one mode. */
  sealed interface Mode {
    BranchOperation operation();

    @Nullable Object call(Step step);
  }

  /** A call with the addresses of its step. */
  record Step(ParticipantType participant, String service, BranchMethod method, Payload payload) {
    String url() {
      return service + participant.path(method);
    }

    String url(BranchOperation operation) {
      return service + participant.path(find(operation));
    }

    private BranchMethod find(BranchOperation operation) {
      return participant
          .find(method.step(), operation)
          .orElseThrow(() -> new IllegalStateException(method.step() + ": no " + operation));
    }
  }

  ParticipantCalls(
      Class<?> type,
      ParticipantType participant,
      ServiceAddresses addresses,
      JsonPayloads payloads,
      Mode mode) {
    this.type = type;
    this.participant = participant;
    this.addresses = addresses;
    this.payloads = payloads;
    this.mode = mode;
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method called, @Nullable Object @Nullable [] arguments) {
    if (called.getDeclaringClass() == Object.class) {
      return ofObject(proxy, called, arguments);
    }
    var method =
        participant
            .find(called, mode.operation())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "%s.%s: cannot be called here (expected: a method with @%s)"
                        .formatted(
                            type.getSimpleName(),
                            called.getName(),
                            mode.operation().annotation())));
    return ReturnValues.orNothing(
        called.getReturnType(),
        mode.call(new Step(participant, baseUrl(), method, payload(method, arguments))));
  }

  private Payload payload(BranchMethod method, @Nullable Object @Nullable [] arguments) {
    if (arguments == null) {
      return Payload.empty();
    }
    if (arguments.length > 1 || method.payloadType().isEmpty()) {
      throw new IllegalArgumentException(
          "%s.%s: takes a BranchRequest (expected: the payload at most; CurrentBranch.require()"
                  .formatted(type.getSimpleName(), method.method().getName())
              + " tells a participant its request)");
    }
    var payload = arguments[0];
    if (payload == null) {
      throw new IllegalArgumentException(
          "%s.%s: null (expected: a payload)"
              .formatted(type.getSimpleName(), method.method().getName()));
    }
    return payloads.write(payload, method.payloadType().get());
  }

  private String baseUrl() {
    var url =
        addresses
            .baseUrl(participant.service())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "service: '%s' has no address (expected: one that ServiceAddresses knows)"
                        .formatted(participant.service())));
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  private Object ofObject(Object proxy, Method called, @Nullable Object @Nullable [] arguments) {
    return switch (called.getName()) {
      case "equals" -> arguments != null && isThis(arguments[0]);
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "%s of participant %s".formatted(type.getSimpleName(), participant.name());
    };
  }

  private boolean isThis(@Nullable Object other) {
    return other != null
        && Proxy.isProxyClass(other.getClass())
        && equals(Proxy.getInvocationHandler(other));
  }

  record OfSaga(Saga saga) implements Mode {
    @Override
    public BranchOperation operation() {
      return BranchOperation.SAGA_ACTION;
    }

    @Override
    public @Nullable Object call(Step step) {
      var compensate =
          step.method().compensated() ? step.url(BranchOperation.COMPENSATE) : Saga.NO_COMPENSATION;
      saga.step(step.url(), compensate, step.payload());
      return null;
    }
  }

  record OfMessage(Message message) implements Mode {
    @Override
    public BranchOperation operation() {
      return BranchOperation.MESSAGE_ACTION;
    }

    @Override
    public @Nullable Object call(Step step) {
      message.step(step.url(), step.payload());
      return null;
    }
  }

  record OfTcc(TccBranches branches, JsonPayloads payloads) implements Mode {
    @Override
    public BranchOperation operation() {
      return BranchOperation.TRY;
    }

    @Override
    public @Nullable Object call(Step step) {
      var answer =
          branches.branch(
              step.url(),
              step.url(BranchOperation.CONFIRM),
              step.url(BranchOperation.CANCEL),
              step.payload());
      return ReturnValues.read(answer, step.method().method(), payloads);
    }
  }

  record OfXa(XaBranches branches, JsonPayloads payloads) implements Mode {
    @Override
    public BranchOperation operation() {
      return BranchOperation.XA_ACTION;
    }

    @Override
    public @Nullable Object call(Step step) {
      var answer = branches.branch(step.url(), step.payload());
      return ReturnValues.read(answer, step.method().method(), payloads);
    }
  }
}
