package io.dtm.cli.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Calls a participant as a manager does, over HTTP or gRPC as each of its addresses says. */
final class Participant implements AutoCloseable {
  private final Calls http;
  private final Calls grpc;

  Participant(String transType, CallOptions options) {
    http = new HttpCalls(transType, options);
    grpc = new GrpcCalls(transType, options);
  }

  Answer call(Endpoint endpoint, String gid) {
    return (endpoint.isHttp() ? http : grpc).call(endpoint, gid);
  }

  /** Makes all of these calls in the same moment, each from a thread of its own. */
  List<Answer> callAtOnce(List<Endpoint> endpoints, String gid) {
    var ready = new CountDownLatch(endpoints.size());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          endpoints.stream()
              .<Callable<Answer>>map(endpoint ->
                  () -> {
                    ready.countDown();
                    ready.await();
                    return call(endpoint, gid);
                  })
              .map(threads::submit)
              .toList();
      var answers = new ArrayList<Answer>();
      for (var call : calls) {
        answers.add(call.get());
      }
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VerificationFailed("interrupted", e);
    } catch (ExecutionException e) {
      throw new VerificationFailed("a call broke: " + e.getCause(), e);
    }
  }

  @Override
  public void close() {
    http.close();
    grpc.close();
  }
}
