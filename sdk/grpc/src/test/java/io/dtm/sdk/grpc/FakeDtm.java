package io.dtm.sdk.grpc;

import com.google.protobuf.Empty;
import io.dtm.protocol.grpc.DtmGrpc;
import io.dtm.protocol.grpc.DtmRequest;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A manager as DTM is, which answers submits as it was told to. */
final class FakeDtm extends DtmGrpc.DtmImplBase implements AutoCloseable {
  private final Queue<Status> answers = new ConcurrentLinkedQueue<>();
  private final List<DtmRequest> submitted = new CopyOnWriteArrayList<>();
  private final Server server;

  FakeDtm() {
    try {
      server =
          Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
              .addService(this)
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String target() {
    return "127.0.0.1:" + server.getPort();
  }

  /** To the next submit. */
  void answers(Status status) {
    answers.add(status);
  }

  List<DtmRequest> submitted() {
    return submitted;
  }

  @Override
  public void submit(DtmRequest request, StreamObserver<Empty> client) {
    submitted.add(request);
    var answer = answers.poll();
    if (answer != null) {
      client.onError(answer.asRuntimeException());
      return;
    }
    client.onNext(Empty.getDefaultInstance());
    client.onCompleted();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
