package io.dtm.testing.simulation;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * One node's way to the shared store. A request travels, is carried out as a whole, and its answer
 * travels back; on the way the node may die, and the store may be ill.
 */
final class SimulatedStore implements TransactionStore {
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final StoreServer server;
  private final World world;
  private final NodeProcess node;

  SimulatedStore(StoreServer server, World world, NodeProcess node) {
    this.server = server;
    this.world = world;
    this.node = node;
  }

  @Override
  public List<WriteOutcome> apply(List<WriteCommand> batch) {
    if (server.answersEarly()) {
      world.after(
          world.millis(1, 50),
          () -> {
            if (!node.isDead()) {
              server.apply(node.name(), batch);
            }
          });
      return batch.stream().<WriteOutcome>map(command -> new WriteOutcome.Applied()).toList();
    }
    return request(true, () -> server.apply(node.name(), batch));
  }

  @Override
  public Optional<GlobalTransaction> find(Gid gid) {
    return request(false, () -> server.find(gid));
  }

  @Override
  public DueTransactions claimDue(String name, Duration lease, int limit) {
    return request(true, () -> server.claimDue(name, lease, limit));
  }

  @Override
  public ResetOutcome makeDue(Duration beyond, int limit) {
    return request(true, () -> server.makeDue(beyond, limit));
  }

  @Override
  public TransactionPage list(TransactionFilter filter, String position, int limit) {
    return request(false, () -> server.list(filter, position, limit));
  }

  @Override
  public int deleteFinished(TransactionStatus status, Instant finishedBefore, int limit) {
    return request(true, () -> server.deleteFinished(node.name(), status, finishedBefore, limit));
  }

  @Override
  public void close() {}

  private <T> T request(boolean writes, Supplier<T> work) {
    var answer = new CompletableFuture<T>();
    send(writes, work, answer);
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StoreUnavailable unavailable) {
        throw unavailable;
      }
      throw e;
    }
  }

  private <T> void send(boolean writes, Supplier<T> work, CompletableFuture<T> answer) {
    var illness = server.illness();
    if (illness.isEmpty()) {
      world.after(world.millis(0, 4), () -> carryOut(writes, work, answer));
      return;
    }
    switch (illness.get()) {
      case GONE -> failAfter(world.millis(0, 300), answer);
      case FROZEN ->
          world.after(
              server.untilWell().plus(world.millis(0, 10)), () -> carryOut(writes, work, answer));
      case SLOW -> {
        var delay = world.millis(0, 8_000);
        world.after(delay, () -> carryOut(writes, work, answer));
        if (delay.compareTo(PATIENCE) > 0) {
          failAfter(PATIENCE, answer);
        }
      }
    }
  }

  private <T> void carryOut(boolean writes, Supplier<T> work, CompletableFuture<T> answer) {
    if (node.isDead() && world.chance(50)) {
      return;
    }
    var lost = writes ? server.takeLostBatch() : Optional.<Boolean>empty();
    if (lost.isPresent() && !lost.get()) {
      failAfter(world.millis(0, 4), answer);
      return;
    }
    var result = work.get();
    if (lost.isPresent()) {
      failAfter(world.millis(0, 4), answer);
    } else {
      world.after(world.millis(0, 4), () -> answer.complete(result));
    }
  }

  private <T> void failAfter(Duration delay, CompletableFuture<T> answer) {
    world.after(
        delay, () -> answer.completeExceptionally(new StoreUnavailable("the store is ill")));
  }
}
