package io.dtm.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
  private static final WriteCommand CREATE = new WriteCommand.Create(Transactions.aTcc().build());
  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final GroupCommit commits =
      new GroupCommit(slowStore(), 1, 1, 2, EngineThreads.over(THREADS));

  @Test
  void nobodyWaitsForEverWhenItClosesWithAFullQueue() throws Exception {
    commits.start();
    var writes =
        IntStream.range(0, 20)
            .mapToObj(i -> CompletableFuture.supplyAsync(this::write, THREADS))
            .toList();
    assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();

    var closed = CompletableFuture.runAsync(commits::close, THREADS);
    released.countDown();

    closed.get(60, TimeUnit.SECONDS);
    for (var write : writes) {
      assertThat(write.get(60, TimeUnit.SECONDS)).isIn("written", "refused");
    }
    assertThatThrownBy(() -> commits.write(CREATE)).isInstanceOf(StoreUnavailable.class);
  }

  private String write() {
    try {
      commits.write(CREATE);
      return "written";
    } catch (StoreUnavailable e) {
      return "refused";
    }
  }

  /** Commits nothing before it is released. */
  private TransactionStore slowStore() {
    return (TransactionStore)
        Proxy.newProxyInstance(
            TransactionStore.class.getClassLoader(),
            new Class<?>[] {TransactionStore.class},
            (store, method, arguments) -> {
              reached.countDown();
              released.await();
              return List.of(new WriteOutcome.Applied());
            });
  }
}
