package io.dtm.server.branch.grpc;

import com.google.protobuf.UnsafeByteOperations;
import io.dtm.protocol.Results;
import io.dtm.protocol.grpc.WorkflowData;
import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchResult.Availability;
import io.dtm.server.core.TransactionMode;
import io.grpc.Status;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Calls participants over gRPC without TLS, and reads their answers by the rules that all clients
 * of the protocol know. Thread-safe.
 */
public final class GrpcBranchCaller implements BranchCaller, AutoCloseable {
  private final GrpcBranchCallerConfig config;
  private final Channels channels;

  /**
   * @param clock for the pause between attempts to connect
   */
  public GrpcBranchCaller(GrpcBranchCallerConfig config, InstantSource clock) {
    this.config = config;
    this.channels = new Channels(config, clock);
  }

  @Override
  public BranchResult call(BranchCall call) {
    return switch (BranchAddress.parse(call.url())) {
      case BranchAddress.Malformed(var why) -> new BranchResult.Unclear(why);
      case BranchAddress.Callable address ->
          CallMetadata.obstacle(call)
              .<BranchResult>map(BranchResult.Unclear::new)
              .orElseGet(() -> call(call, address));
    };
  }

  private BranchResult call(BranchCall call, BranchAddress.Callable address) {
    var lease = channels.take(address.target());
    if (lease.isEmpty()) {
      return new BranchResult.Deferred(
          "%s: %d other targets are being called, as many as may be at a time"
              .formatted(address.target(), config.channelsMax()));
    }
    try (var channel = lease.get()) {
      if (!call.mayBegin().getAsBoolean()) {
        return new BranchResult.Deferred("the transaction was stopped before the call");
      }
      return resultOf(
          UnaryExchange.run(
              channel.channel(),
              RawMessages.method(address.method()),
              CallMetadata.of(call),
              message(call),
              call.timeout()));
    }
  }

  /**
   * A workflow is resumed through a service of its own; all other methods are the participant's.
   */
  private static byte[] message(BranchCall call) {
    var bytes = call.payload().bytes();
    boolean isResume =
        call.mode() == TransactionMode.WORKFLOW && call.protocol() == BranchProtocol.GRPC;
    return isResume
        ? WorkflowData.newBuilder()
            .setData(UnsafeByteOperations.unsafeWrap(bytes))
            .build()
            .toByteArray()
        : bytes;
  }

  private static BranchResult resultOf(Status status) {
    var message = Objects.requireNonNullElse(status.getDescription(), "");
    return switch (status.getCode()) {
      case OK -> new BranchResult.Succeeded();
      case ABORTED ->
          message.equals(Results.ONGOING) // as participants once said it
              ? new BranchResult.Ongoing()
              : new BranchResult.Refused(message);
      case FAILED_PRECONDITION -> new BranchResult.Ongoing();
      case UNAVAILABLE, DEADLINE_EXCEEDED ->
          new BranchResult.Unclear(unclear(status, message), Availability.UNAVAILABLE);
      default -> new BranchResult.Unclear(unclear(status, message));
    };
  }

  private static String unclear(Status status, String message) {
    var text = new StringBuilder("gRPC ").append(status.getCode());
    if (!message.isEmpty()) {
      text.append(": ").append(message);
    }
    for (@Nullable Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null && text.indexOf(cause.getMessage()) < 0) {
        text.append(": ").append(cause.getMessage());
      }
    }
    return text.toString();
  }

  /** Ends all calls that still run; there will be no more. */
  @Override
  public void close() {
    channels.close();
  }
}
