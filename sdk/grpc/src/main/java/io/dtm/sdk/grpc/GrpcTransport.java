package io.dtm.sdk.grpc;

import com.google.protobuf.Empty;
import io.dtm.client.BranchProtocol;
import io.dtm.client.ManagerReply;
import io.dtm.client.ManagerRequest;
import io.dtm.client.ManagerTransport;
import io.dtm.client.TransactionManagerUnavailable;
import io.dtm.protocol.grpc.DtmGrpc;
import io.dtm.protocol.grpc.OversightGrpc;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The gRPC edge of one manager. Thread-safe. */
final class GrpcTransport implements ManagerTransport, AutoCloseable {
  private static final int NOT_OFFERED = 405;
  private static final int TOO_LARGE = 413;

  /** The longest answer: a transaction with all its branches. */
  private static final int ANSWER_BYTES_MAX = 64 * 1024 * 1024;

  /** How servers in Java and in Go say that a message is longer than they take. */
  private static final List<String> TOO_LARGE_WORDS =
      List.of("exceeds maximum size", "larger than max");

  private static final String TELL_ME_HOW =
      "not offered over gRPC (expected: a server that does, or GrpcTransactions.builder()"
          + ".oversight(…) with a client over HTTP)";

  private final String target;
  private final ManagedChannel channel;
  private final Duration timeout;
  private final @Nullable ManagerTransport fallback;
  private final ManagerMessages messages = new ManagerMessages();

  /**
   * @param fallback for what DTM itself does not offer over gRPC; null for none
   */
  GrpcTransport(
      String target,
      ChannelCredentials credentials,
      Duration timeout,
      @Nullable ManagerTransport fallback) {
    this.target = target;
    this.channel =
        Grpc.newChannelBuilder(target, credentials).maxInboundMessageSize(ANSWER_BYTES_MAX).build();
    this.timeout = timeout;
    this.fallback = fallback;
  }

  @Override
  public CompletionStage<ManagerReply> call(ManagerRequest request) {
    return switch (request.operation()) {
      case SUBMIT -> done(DtmGrpc.getSubmitMethod(), messages.transaction(request));
      case PREPARE -> done(DtmGrpc.getPrepareMethod(), messages.transaction(request));
      case ABORT -> done(DtmGrpc.getAbortMethod(), messages.transaction(request));
      case REGISTER_BRANCH -> done(DtmGrpc.getRegisterBranchMethod(), messages.branch(request));
      case PREPARE_WORKFLOW ->
          ask(
              DtmGrpc.getPrepareWorkflowMethod(),
              messages.transaction(request),
              messages::progresses);
      case PARK_WORKFLOW ->
          overseen(request, done(OversightGrpc.getParkWorkflowMethod(), messages.parking(request)));
      case QUERY ->
          overseen(
              request,
              ask(OversightGrpc.getQueryMethod(), messages.name(request), messages::query));
      case FORCE_STOP ->
          overseen(request, done(OversightGrpc.getForceStopMethod(), messages.name(request)));
      case RETRY_NOW ->
          overseen(request, done(OversightGrpc.getRetryNowMethod(), messages.name(request)));
      case SUBSCRIBE -> done(DtmGrpc.getSubscribeMethod(), messages.topic(request));
      case UNSUBSCRIBE -> done(DtmGrpc.getUnsubscribeMethod(), messages.topic(request));
      case DELETE_TOPIC -> done(DtmGrpc.getDeleteTopicMethod(), messages.topic(request));
    };
  }

  @Override
  public String address() {
    return target;
  }

  @Override
  public BranchProtocol protocol() {
    return BranchProtocol.GRPC;
  }

  /** Calls that are under way end by themselves. */
  @Override
  public void close() {
    channel.shutdown();
  }

  private <Q> CompletableFuture<ManagerReply> done(MethodDescriptor<Q, Empty> method, Q request) {
    return ask(method, request, empty -> ManagerMessages.DONE);
  }

  private <Q, A> CompletableFuture<ManagerReply> ask(
      MethodDescriptor<Q, A> method, Q request, Function<A, String> body) {
    var options = CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    return Unary.call(channel, method, options, request)
        .handle((answer, failure) ->
            failure == null
                ? new ManagerReply(target, 200, body.apply(answer))
                : refusal(Status.fromThrowable(failure)));
  }

  /** The statuses of gRPC in the words of REST. */
  private ManagerReply refusal(Status status) {
    var text = Objects.requireNonNullElse(status.getDescription(), status.getCode().name());
    return switch (status.getCode()) {
      case ABORTED -> messages.refusal(target, 409, text);
      case FAILED_PRECONDITION -> messages.refusal(target, 425, text);
      case NOT_FOUND -> messages.refusal(target, 404, text);
      case ALREADY_EXISTS -> messages.refusal(target, 409, text);
      case INVALID_ARGUMENT, OUT_OF_RANGE -> messages.refusal(target, 400, text);
      case UNAUTHENTICATED -> messages.refusal(target, 401, text);
      case PERMISSION_DENIED -> messages.refusal(target, 403, text);
      case UNIMPLEMENTED -> messages.refusal(target, NOT_OFFERED, text);
      case UNKNOWN -> messages.refusal(target, 500, text);
      case RESOURCE_EXHAUSTED -> {
        // To ask again, or another, would not make it smaller.
        if (TOO_LARGE_WORDS.stream().anyMatch(text::contains)) {
          yield messages.refusal(target, TOO_LARGE, text);
        }
        throw unavailable(status, text);
      }
      case OK, CANCELLED, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE, DATA_LOSS ->
          throw unavailable(status, text);
    };
  }

  /** The library would wait longer and longer before it connects again; the next call must not. */
  private TransactionManagerUnavailable unavailable(Status status, String text) {
    channel.resetConnectBackoff();
    return new TransactionManagerUnavailable(
        status.getCode() == Status.Code.DEADLINE_EXCEEDED
            ? "%s: no answer within %d ms".formatted(target, timeout.toMillis())
            : "%s answered %s: %s".formatted(target, status.getCode(), text),
        status.getCause());
  }

  private CompletionStage<ManagerReply> overseen(
      ManagerRequest request, CompletableFuture<ManagerReply> reply) {
    return reply.thenCompose(answer -> {
      if (answer.status() != NOT_OFFERED) {
        return CompletableFuture.completedFuture(answer);
      }
      return fallback == null
          ? CompletableFuture.completedFuture(messages.refusal(target, NOT_OFFERED, TELL_ME_HOW))
          : fallback.call(request);
    });
  }
}
