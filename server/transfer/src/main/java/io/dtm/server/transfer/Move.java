package io.dtm.server.transfer;

import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Copies transactions and settings from one store of ours to another, neither of which a server may
 * be using. Nothing is taken away from the first. May be repeated: what is there already is left as
 * it is. Thread-safe.
 */
public final class Move {
  /** How many transactions pass between two reports of progress. */
  public static final int PROGRESS_STEP = 10_000;

  private static final int PAGE = 200;

  private final InstantSource clock;
  private final LongConsumer progress;

  /** A store under its two names. */
  public record Side(TransactionStore transactions, KeyValueStore settings) {}

  /** Which transactions are moved. */
  public enum Scope {
    ALL,
    UNFINISHED
  }

  /**
   * Reads nothing yet.
   *
   * @param progress told how many transactions have been moved, every {@link #PROGRESS_STEP}
   */
  public Move(InstantSource clock, LongConsumer progress) {
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Moves.
   *
   * @throws io.dtm.server.core.StoreUnavailable when one of them fails; run it again then
   */
  public MoveReport run(Side from, Side to, Scope scope) {
    var run = new MoveRun(to, clock.instant(), progress);
    for (var filter : filters(scope)) {
      var position = "";
      do {
        var page = from.transactions().list(filter, position, PAGE);
        run.takeAll(page.transactions());
        position = page.nextPosition();
      } while (!position.isEmpty());
    }
    var position = "";
    do {
      var page = from.settings().listEntries("", position, PAGE);
      page.entries().forEach(run::take);
      position = page.nextPosition();
    } while (!position.isEmpty());
    return run.report();
  }

  private static List<TransactionFilter> filters(Scope scope) {
    return switch (scope) {
      case ALL -> List.of(TransactionFilter.all());
      case UNFINISHED ->
          Arrays.stream(TransactionStatus.values())
              .filter(status -> !status.isFinal())
              .map(status -> new TransactionFilter(status, null, null, null))
              .toList();
    };
  }
}
