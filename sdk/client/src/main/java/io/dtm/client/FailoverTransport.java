package io.dtm.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The managers that share one store, of which any may be asked. That is safe for commands too, for
 * each carries its gid: a manager that gets it a second time goes on with the transaction that is
 * there. Thread-safe.
 */
final class FailoverTransport implements ManagerTransport {
  private final List<ManagerTransport> managers;
  private final AtomicInteger preferred = new AtomicInteger();

  FailoverTransport(List<? extends ManagerTransport> managers) {
    this.managers = List.copyOf(managers);
    if (this.managers.isEmpty()) {
      throw new IllegalArgumentException("transports: none (expected: 1 at least)");
    }
    if (this.managers.stream().map(ManagerTransport::protocol).distinct().count() > 1) {
      throw new IllegalArgumentException("transports: HTTP and gRPC (expected: one protocol)");
    }
  }

  @Override
  public CompletionStage<ManagerReply> call(ManagerRequest request) {
    return ask(request, preferred.get(), List.of());
  }

  @Override
  public String address() {
    return managers.get(preferred.get()).address();
  }

  @Override
  public BranchProtocol protocol() {
    return managers.get(0).protocol();
  }

  private CompletableFuture<ManagerReply> ask(
      ManagerRequest request, int first, List<Throwable> troubles) {
    var index = (first + troubles.size()) % managers.size();
    return managers
        .get(index)
        .call(request)
        .toCompletableFuture()
        .thenApply(reply -> {
          preferred.set(index);
          return reply;
        })
        .exceptionallyCompose(failure -> {
          if (!(Failures.cause(failure) instanceof TransactionManagerUnavailable trouble)) {
            return CompletableFuture.failedFuture(Failures.cause(failure));
          }
          var sofar = Stream.concat(troubles.stream(), Stream.of(trouble)).toList();
          return sofar.size() < managers.size()
              ? ask(request, first, sofar)
              : CompletableFuture.failedFuture(combined(sofar));
        });
  }

  private static Throwable combined(List<Throwable> troubles) {
    if (troubles.size() == 1) {
      return troubles.get(0);
    }
    var message = troubles.stream().map(Throwable::getMessage).collect(Collectors.joining("; "));
    var all = new TransactionManagerUnavailable(message, troubles.get(0));
    troubles.stream().skip(1).forEach(all::addSuppressed);
    return all;
  }
}
