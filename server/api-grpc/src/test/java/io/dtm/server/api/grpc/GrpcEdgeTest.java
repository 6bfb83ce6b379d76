package io.dtm.server.api.grpc;

import static io.dtm.server.api.grpc.RunningEdge.config;
import static io.dtm.server.api.grpc.RunningEdge.request;
import static io.dtm.server.api.grpc.RunningEdge.saga;
import static io.dtm.server.api.grpc.RunningEdge.status;
import static io.dtm.server.api.grpc.RunningEdge.waiting;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import io.dtm.protocol.grpc.DtmGrpc;
import io.dtm.protocol.grpc.RawBytes;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.ByteBudget;
import io.dtm.server.core.ConnectionLimit;
import io.dtm.server.core.TransactionStatus;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GrpcEdgeTest {
  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  @Test
  void tellsThatItIsHealthy() {
    try (var edge = new RunningEdge()) {
      var health = HealthGrpc.newBlockingStub(edge.channel);

      for (var service : List.of("", "dtmgimp.Dtm")) {
        assertThat(
                health
                    .check(HealthCheckRequest.newBuilder().setService(service).build())
                    .getStatus())
            .isEqualTo(ServingStatus.SERVING);
      }
    }
  }

  @Test
  void describesItself() throws Exception {
    try (var edge = new RunningEdge()) {
      var answer = new CompletableFuture<ServerReflectionResponse>();
      var requests =
          ServerReflectionGrpc.newStub(edge.channel)
              .serverReflectionInfo(
                  new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                      answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                      answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                  });
      requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

      assertThat(answer.get(60, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
          .extracting(s -> s.getName())
          .contains(
              "dtmgimp.Dtm",
              "grpc.health.v1.Health",
              "grpc.reflection.v1.ServerReflection",
              "grpc.reflection.v1alpha.ServerReflection");
      requests.onCompleted();
    }
  }

  @Test
  void anUnknownMethodIsUnimplemented() {
    try (var edge = new RunningEdge()) {
      assertThat(call(edge, "dtmgimp.Dtm/Query", new byte[0]).getCode())
          .isEqualTo(Code.UNIMPLEMENTED);
      assertThat(call(edge, "other.Service/Submit", new byte[0]).getCode())
          .isEqualTo(Code.UNIMPLEMENTED);
    }
  }

  @Test
  void aMessageThatIsNoneIsInvalid() {
    try (var edge = new RunningEdge()) {
      var status = call(edge, "dtmgimp.Dtm/Submit", new byte[] {(byte) 0xFF, 1, 2, 3});

      assertThat(status.getCode()).isEqualTo(Code.INVALID_ARGUMENT);
      assertThat(status.getDescription()).startsWith("message: ").contains("protobuf");
      assertThat(edge.submit(waiting(saga("g1").build()))).isEqualTo(Status.OK);
    }
  }

  @Test
  void takesAMessageUpToTheLimit() {
    try (var edge = new RunningEdge()) {
      var largest = 4 * 1024 * 1024 - 1_000;
      var saga = saga("g1").setBinPayloads(1, ByteString.copyFrom(new byte[largest])).build();

      assertThat(edge.submit(waiting(saga))).isEqualTo(Status.OK);
      assertThat(edge.stored("g1").branches().get(3).payload().size()).isEqualTo(largest);
    }
  }

  @Test
  void refusesAMessageBeyondTheLimit() {
    try (var edge = new RunningEdge(config(10_000, 64, 64, Duration.ofSeconds(30)))) {
      var saga = saga("g1").setBinPayloads(1, ByteString.copyFrom(new byte[10_001])).build();

      assertThat(edge.submit(saga).getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      assertThat(edge.isStored("g1")).isFalse();
      assertThat(edge.submit(waiting(saga("g1").build()))).isEqualTo(Status.OK);
    }
  }

  @Test
  void takesALargerMessageWhereConfigured() {
    try (var edge = new RunningEdge(config(20_000_000, 64, 64, Duration.ofSeconds(30)))) {
      var saga = saga("g1").setBinPayloads(1, ByteString.copyFrom(new byte[16_000_000])).build();

      assertThat(edge.submit(waiting(saga))).isEqualTo(Status.OK);
    }
  }

  @Test
  void servesManyCallsAtOnce() {
    try (var edge = new RunningEdge(config(10_000, 64, 1_000, Duration.ofSeconds(30)))) {
      var stub = DtmGrpc.newFutureStub(edge.channel);
      var calls =
          IntStream.range(0, 500)
              .mapToObj(i -> stub.submit(waiting(saga("g" + i).build())))
              .toList();

      assertThat(calls)
          .allSatisfy(
              c -> assertThat(c.get(60, TimeUnit.SECONDS)).isEqualTo(Empty.newBuilder().build()));
      assertThat(edge.stored("g499").status()).isEqualTo(TransactionStatus.SUCCEEDED);
    }
  }

  @Test
  void refusesWhatIsMoreThanItMayWorkOn() throws Exception {
    try (var edge = new RunningEdge(config(10_000, 64, 1, Duration.ofSeconds(30)))) {
      var entered = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      edge.participant(call -> {
        entered.countDown();
        await(release);
        return new BranchResult.Succeeded();
      });
      var first =
          CompletableFuture.supplyAsync(() -> edge.submit(waiting(saga("g1").build())), THREADS);
      entered.await();

      var status = edge.prepare(request("g2", "tcc"));

      assertThat(status.getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      assertThat(status.getDescription())
          .isEqualTo("overloaded: 1 requests in work (expected: at most 1)");
      assertThat(trailers(() -> edge.client().prepare(request("g2", "tcc"))))
          .containsExactly("1000", "1");
      release.countDown();
      assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo(Status.OK);
      assertThat(edge.prepare(request("g2", "tcc"))).isEqualTo(Status.OK);
    }
  }

  /** When the client may come back, in milliseconds and in seconds. */
  private static List<String> trailers(Runnable refused) {
    try {
      refused.run();
      return List.of();
    } catch (StatusRuntimeException e) {
      return Stream.of("grpc-retry-pushback-ms", "retry-after")
          .map(name -> Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER))
          .map(key -> String.valueOf(e.getTrailers().get(key)))
          .toList();
    }
  }

  @Test
  void refusesMessagesThatFindNoRoomAndGoesOnWhenThereIs() throws Exception {
    var bytes = new ByteBudget(256 * 1024);
    try (var edge = new RunningEdge(config(1_000_000, 64, 64, Duration.ofSeconds(30)), bytes)) {
      var large = saga("g1").addBinPayloads(ByteString.copyFrom(new byte[50_000])).build();
      var share = bytes.open();
      share.force(128 * 1024);

      var status = edge.submit(large);
      var small = edge.submit(saga("small").build());
      share.close();

      assertThat(status.getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      assertThat(status.getDescription()).contains("nothing was stored", "MaxBytesInWork");
      assertThat(edge.isStored("g1")).isFalse();
      assertThat(small).isEqualTo(Status.OK);
      assertThat(edge.submit(large)).isEqualTo(Status.OK);
      awaitNothingTaken(bytes);
    }
  }

  @Test
  void aCompressedMessageCountsWithWhatItMeans() {
    var bytes = new ByteBudget(256 * 1024);
    try (var edge = new RunningEdge(config(1_000_000, 64, 64, Duration.ofSeconds(30)), bytes)) {
      var share = bytes.open();
      share.force(128 * 1024);
      var large = saga("g1").addBinPayloads(ByteString.copyFrom(new byte[100_000])).build();

      var status = status(() -> edge.client().withCompression("gzip").submit(large));

      assertThat(status.getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      assertThat(edge.isStored("g1")).isFalse();
      share.close();
      awaitNothingTaken(bytes);
    }
  }

  /** The end of a call is told after its answer. */
  private static void awaitNothingTaken(ByteBudget bytes) {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (bytes.taken() > 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(bytes.taken()).isZero();
  }

  @Test
  void theWorkGoesOnWhenTheClientLeaves() throws Exception {
    try (var edge = new RunningEdge()) {
      var entered = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      edge.participant(call -> {
        entered.countDown();
        await(release);
        return new BranchResult.Succeeded();
      });
      var context = Context.current().withCancellation();
      context.run(() -> DtmGrpc.newFutureStub(edge.channel).submit(waiting(saga("g1").build())));
      entered.await();

      context.cancel(null);
      release.countDown();

      edge.awaitQuiet();
      assertThat(edge.stored("g1").status()).isEqualTo(TransactionStatus.SUCCEEDED);
    }
  }

  @Test
  void randomBytesHurtNobodyElse() throws Exception {
    try (var edge = new RunningEdge()) {
      for (int seed = 0; seed < 40; seed++) {
        var random = new Random(seed);
        var bytes = new byte[random.nextInt(1, 4_000)];
        random.nextBytes(bytes);
        sendAndForget(edge, seed % 2 == 0 ? new byte[0] : PREFACE.getBytes(US_ASCII), bytes);
        assertThat(edge.client().newGid(Empty.getDefaultInstance()).getGid())
            .as("seed %d", seed)
            .isNotEmpty();
      }
      sendAndForget(edge, "GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(US_ASCII), new byte[0]);
      assertThat(edge.submit(waiting(saga("g1").build()))).isEqualTo(Status.OK);
    }
  }

  @Test
  void randomMessagesHurtNobodyElse() {
    try (var edge = new RunningEdge()) {
      for (int seed = 0; seed < 60; seed++) {
        var random = new Random(seed);
        var bytes = saga("g" + seed).setCustomData("{\"orders\":{}}").build().toByteArray();
        for (int i = 0; i < 1 + seed % 5; i++) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }

        var status = call(edge, "dtmgimp.Dtm/Submit", bytes);

        assertThat(status.getCode())
            .as("seed %d: %s", seed, status)
            .isIn(Code.OK, Code.INVALID_ARGUMENT);
      }
      assertThat(edge.submit(waiting(saga("last").build()))).isEqualTo(Status.OK);
    }
  }

  @Test
  void closesAConnectionThatSaysNothing() throws Exception {
    try (var edge = new RunningEdge(config(10_000, 64, 64, Duration.ofSeconds(1)));
        var silent = connect(edge);
        var started = connect(edge)) {
      started.getOutputStream().write(PREFACE.substring(0, 5).getBytes(US_ASCII));

      assertThat(readToEnd(silent)).isTrue();
      assertThat(readToEnd(started)).isTrue();
    }
  }

  @Test
  void closesTheConnectionThatIsIdleForLongestWhereAnotherComesIn() throws Exception {
    try (var edge = new RunningEdge(config(10_000, 3, 64, Duration.ofSeconds(30)));
        var first = connect(edge);
        var second = connect(edge);
        var third = connect(edge)) {
      assertThat(edge.prepare(request("g1", "tcc"))).isEqualTo(Status.OK);

      assertThat(readToEnd(first)).isTrue();
      assertThat(second.isConnected() && third.isConnected()).isTrue();
      assertThat(edge.prepare(request("g2", "tcc"))).isEqualTo(Status.OK);
    }
  }

  @Test
  void nobodyIsLockedOutByIdleConnections() throws Exception {
    try (var edge = new RunningEdge(config(10_000, 8, 64, Duration.ofSeconds(30)))) {
      var idle = new ArrayList<Socket>();
      try {
        for (int i = 0; i < 100; i++) {
          idle.add(connect(edge));
          var another = edge.channel();
          var status =
              status(() ->
                  RunningEdge.client(another)
                      .withWaitForReady()
                      .prepare(request("g" + idle.size(), "tcc")));
          another.shutdownNow();
          assertThat(status).as("behind %d idle ones", idle.size()).isEqualTo(Status.OK);
        }
      } finally {
        for (var socket : idle) {
          socket.close();
        }
      }
    }
  }

  /** They say nothing, so they cannot be asked whether they agree. */
  @Test
  void roomIsMadeAtOnceThoughThoseWhoAreIdleDoNotAnswer() throws Exception {
    try (var edge = new RunningEdge(config(10_000, 64, 64, Duration.ofSeconds(30)))) {
      var idle = new ArrayList<Socket>();
      try {
        assertThat(edge.prepare(request("warm up", "tcc"))).isEqualTo(Status.OK);
        for (int i = 0; i < 64 + 2 * ConnectionLimit.CLOSING_MAX; i++) {
          idle.add(connect(edge));
        }
        long begun = System.nanoTime();
        var another = edge.channel();

        var status = status(() -> RunningEdge.client(another).prepare(request("g", "tcc")));

        another.shutdownNow();
        assertThat(status).isEqualTo(Status.OK);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
      } finally {
        for (var socket : idle) {
          socket.close();
        }
      }
    }
  }

  @Test
  void endsACallWhoseRequestDoesNotCome() throws Exception {
    try (var edge = new RunningEdge(config(10_000, 64, 64, Duration.ofMillis(200)))) {
      var end = new CompletableFuture<Status>();
      var call = edge.channel.newCall(DtmGrpc.getSubmitMethod(), CallOptions.DEFAULT);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onClose(Status status, Metadata trailers) {
              end.complete(status);
            }
          },
          new Metadata());
      call.request(1);

      var status = end.get(60, TimeUnit.SECONDS);

      assertThat(status.getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
      assertThat(status.getDescription()).startsWith("request: incomplete after PT0.2S");
      assertThat(edge.submit(waiting(saga("g1").build()))).isEqualTo(Status.OK);
    }
  }

  @Test
  void finishesWhatIsInWorkBeforeItStops() throws Exception {
    try (var edge = new RunningEdge()) {
      var entered = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      edge.participant(call -> {
        entered.countDown();
        await(release);
        return new BranchResult.Succeeded();
      });
      var inWork =
          CompletableFuture.supplyAsync(() -> edge.submit(waiting(saga("g1").build())), THREADS);
      entered.await();
      var stopped =
          CompletableFuture.runAsync(() -> edge.edge.stop(Duration.ofSeconds(20)), THREADS);
      var late = awaitRefusal(edge);

      release.countDown();

      assertThat(late.getCode()).isEqualTo(Code.UNAVAILABLE);
      assertThat(inWork.get(60, TimeUnit.SECONDS)).isEqualTo(Status.OK);
      stopped.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void stopsInTheMiddleOfWorkWhenItsPatienceEnds() throws Exception {
    try (var edge = new RunningEdge()) {
      var entered = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      edge.participant(call -> {
        entered.countDown();
        await(release);
        return new BranchResult.Succeeded();
      });
      var inWork =
          CompletableFuture.supplyAsync(() -> edge.submit(waiting(saga("g1").build())), THREADS);
      entered.await();

      edge.edge.stop(Duration.ofMillis(100));

      assertThat(inWork.get(60, TimeUnit.SECONDS).getCode()).isIn(Code.UNAVAILABLE, Code.CANCELLED);
      release.countDown();
    }
  }

  @Test
  void saysWhichPortCannotBeHad() {
    try (var edge = new RunningEdge()) {
      var defaults = GrpcEdgeConfig.defaults();
      var same =
          new GrpcEdgeConfig(
              edge.edge.port(),
              "127.0.0.1",
              defaults.messageBytesMax(),
              1,
              1,
              1,
              1,
              Duration.ofSeconds(1),
              Duration.ofSeconds(1),
              Duration.ofSeconds(1),
              Duration.ofSeconds(1),
              Duration.ofSeconds(1));
      var second =
          new GrpcEdge(
              same,
              edge.engine.coordinator(),
              edge.topics,
              () -> "g",
              InstantSource.system(),
              new Random(1));

      assertThatThrownBy(second::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("127.0.0.1:" + edge.edge.port())
          .hasCauseInstanceOf(IOException.class);
    }
  }

  private static Status call(RunningEdge edge, String method, byte[] message) {
    var descriptor =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(method)
            .setRequestMarshaller(RawBytes.MARSHALLER)
            .setResponseMarshaller(RawBytes.MARSHALLER)
            .build();
    try {
      ClientCalls.blockingUnaryCall(
          edge.channel,
          descriptor,
          CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
          message);
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  /** Calls until the edge takes no more, and says how it refuses. */
  private static Status awaitRefusal(RunningEdge edge) {
    while (true) {
      var status = edge.abort(request("g9", "tcc"));
      if (status.getCode() != Code.NOT_FOUND) {
        return status;
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Socket connect(RunningEdge edge) throws IOException {
    var socket = new Socket(InetAddress.getByName("127.0.0.1"), edge.edge.port());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static void sendAndForget(RunningEdge edge, byte[] first, byte[] second)
      throws IOException {
    try (var socket = connect(edge)) {
      socket.getOutputStream().write(first);
      socket.getOutputStream().write(second);
      socket.getOutputStream().flush();
    } catch (SocketException e) {
      // cut off in the middle, which is as good
    }
  }

  /** Whether the server closes the connection. */
  private static boolean readToEnd(Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }
}
