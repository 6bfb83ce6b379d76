package io.dtm.sdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Empty;
import io.dtm.client.BranchException;
import io.dtm.client.BranchOngoing;
import io.dtm.client.BranchRefused;
import io.dtm.client.BranchRequest;
import io.dtm.client.BranchUnclear;
import io.dtm.client.TransactionMode;
import io.dtm.protocol.grpc.MetadataKeys;
import io.dtm.protocol.grpc.WorkflowData;
import io.dtm.protocol.grpc.WorkflowGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ParticipantInterceptorTest {
  private static final BranchRequest REQUEST =
      new BranchRequest("g1", TransactionMode.XA, "0102", "action", "m:1", "bank:1/b.B/Xa");

  private final AtomicReference<Optional<BranchRequest>> seen =
      new AtomicReference<>(Optional.empty());
  private Service service = caller -> true;
  private Server server;
  private ManagedChannel channel;

  /** What the service does, and whether it is to answer then that it is done. */
  private interface Service {
    boolean run(StreamObserver<Empty> caller);
  }

  @BeforeEach
  void open() throws IOException {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(
                new WorkflowGrpc.WorkflowImplBase() {
                  @Override
                  public void execute(WorkflowData data, StreamObserver<Empty> caller) {
                    seen.set(ParticipantInterceptor.find());
                    if (service.run(caller)) {
                      caller.onNext(Empty.getDefaultInstance());
                      caller.onCompleted();
                    }
                  }
                })
            .intercept(new ParticipantInterceptor())
            .build()
            .start();
    channel =
        Grpc.newChannelBuilder("127.0.0.1:" + server.getPort(), InsecureChannelCredentials.create())
            .build();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void theServiceLearnsWhichBranchItIsCalledFor() {
    call();

    assertThat(seen.get()).contains(REQUEST);
  }

  @Test
  void aCallFromElsewherePasses() {
    WorkflowGrpc.newBlockingStub(channel).execute(WorkflowData.getDefaultInstance());

    assertThat(seen.get()).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(ParticipantInterceptor::request)
        .withMessageStartingWith("no call of a branch");
  }

  @Test
  void aCallWithHalfOfTheMetadataIsInvalid() {
    var metadata = new Metadata();
    metadata.put(MetadataKeys.GID, "g1");

    var failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                WorkflowGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                    .execute(WorkflowData.getDefaultInstance()));

    assertThat(failure.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(failure.getStatus().getDescription()).startsWith("trans_type: missing");
  }

  @Test
  void aRefusalThatIsThrownReachesTheCaller() {
    service =
        caller -> {
          throw new BranchRefused("account frozen");
        };

    var failure = failure();

    assertThat(failure.getStatus().getCode()).isEqualTo(Code.ABORTED);
    assertThat(failure.getStatus().getDescription()).isEqualTo("account frozen");
    assertThat(failure)
        .hasCauseInstanceOf(BranchRefused.class)
        .cause()
        .hasMessage("workflow.Workflow/Execute refused: account frozen");
  }

  @Test
  void aRefusalThatIsGivenAsAnErrorReachesTheCallerToo() {
    service =
        caller -> {
          caller.onError(new BranchRefused("account frozen"));
          return false;
        };

    assertThat(failure().getStatus().getCode()).isEqualTo(Code.ABORTED);
  }

  @Test
  void workThatIsNotOverIsToldAsSuch() {
    service =
        caller -> {
          throw new BranchOngoing("asked the bank");
        };

    var failure = failure();

    assertThat(failure.getStatus().getCode()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(failure).hasCauseInstanceOf(BranchOngoing.class);
  }

  @Test
  void aRefusalInTheOldWordForOngoingStaysARefusal() {
    service =
        caller -> {
          throw new BranchRefused("ONGOING");
        };

    assertThat(failure()).hasCauseInstanceOf(BranchRefused.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anythingElseIsUnclear(boolean thrown) {
    service =
        caller -> {
          if (thrown) {
            throw new IllegalStateException("bug");
          }
          throw Status.UNAVAILABLE.asRuntimeException();
        };

    assertThat(failure()).hasCauseInstanceOf(BranchUnclear.class);
  }

  @Test
  void statusesMeanWhatTheProtocolSays() {
    assertThat(meaning(Status.ABORTED)).isInstanceOf(BranchRefused.class);
    assertThat(meaning(Status.ABORTED.withDescription("ONGOING")))
        .isInstanceOf(BranchOngoing.class);
    assertThat(meaning(Status.FAILED_PRECONDITION)).isInstanceOf(BranchOngoing.class);
    assertThat(meaning(Status.DEADLINE_EXCEEDED)).hasMessage("bank: no answer in time");
    assertThat(meaning(Status.INTERNAL)).isInstanceOf(BranchUnclear.class);
  }

  private static BranchException meaning(Status status) {
    return BranchStatuses.exception("bank", status);
  }

  private StatusRuntimeException failure() {
    return catchThrowableOfType(StatusRuntimeException.class, this::call);
  }

  private void call() {
    var unused =
        WorkflowGrpc.newBlockingStub(channel)
            .withInterceptors(new BranchInterceptor(REQUEST))
            .execute(WorkflowData.getDefaultInstance());
  }
}
