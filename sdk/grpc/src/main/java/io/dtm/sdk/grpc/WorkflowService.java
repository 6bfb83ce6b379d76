package io.dtm.sdk.grpc;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.Empty;
import io.dtm.client.BranchException;
import io.dtm.client.BranchRequest;
import io.dtm.client.Payload;
import io.dtm.protocol.grpc.WorkflowData;
import io.dtm.protocol.grpc.WorkflowGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.function.BiConsumer;

/**
 * The service at which managers over gRPC have workflows resumed; put it behind a {@link
 * ParticipantInterceptor}. Thread-safe.
 *
 * <pre>{@code
 * Grpc.newServerBuilderForPort(9090, InsecureServerCredentials.create())
 *     .addService(new WorkflowService(workflows::resume))
 *     .intercept(new ParticipantInterceptor())
 * }</pre>
 */
public final class WorkflowService extends WorkflowGrpc.WorkflowImplBase {
  private static final String METHOD = "/" + WorkflowGrpc.SERVICE_NAME + "/Execute";

  private final BiConsumer<BranchRequest, Payload> resumption;

  /**
   * @param resumption such as {@code Workflows::resume}: returns when the workflow has ended,
   *     throws when it has not
   */
  public WorkflowService(BiConsumer<BranchRequest, Payload> resumption) {
    this.resumption = requireNonNull(resumption, "resumption");
  }

  /**
   * The address for {@code WorkflowsBuilder.resumeAt}.
   *
   * @param hostAndPort where the server is that has this service, such as {@code 10.0.0.7:9090}
   */
  public static String address(String hostAndPort) {
    return requireNonNull(hostAndPort, "hostAndPort") + METHOD;
  }

  @Override
  public void execute(WorkflowData input, StreamObserver<Empty> caller) {
    try {
      resumption.accept(
          ParticipantInterceptor.request(), Payload.of(input.getData().toByteArray()));
    } catch (BranchException e) {
      throw e; // for the interceptor
    } catch (RuntimeException e) {
      // Not UNAVAILABLE: the service is there, and only this one workflow cannot go on.
      caller.onError(Status.INTERNAL.withDescription(e.getMessage()).asRuntimeException());
      return;
    }
    caller.onNext(Empty.getDefaultInstance());
    caller.onCompleted();
  }
}
