package io.dtm.server.engine;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Has parked transactions go on, many at a time. The rate is kept by due times that lie apart: they
 * are stored, so no background work is needed, and a crash changes nothing. Thread-safe.
 */
final class ParkedTransactions {
  /** Parked transactions that are looked at together. */
  private static final int PAGE = 200;

  /** Parked transactions that one request looks at at most, before it has to be sent again. */
  private static final int LOOKED_AT_MAX = 10_000;

  private final TransactionStore store;
  private final InstantSource clock;

  ParkedTransactions(TransactionStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * @throws IllegalArgumentException when the position is none of an earlier outcome
   */
  ResumeOutcome resume(ResumeRequest request) {
    var firstAt = clock.instant().plus(request.delay());
    var position = request.position();
    int count = 0;
    for (int lookedAt = 0; lookedAt < LOOKED_AT_MAX; lookedAt += PAGE) {
      var page = store.list(TransactionFilter.allParked(), position, PAGE);
      var found = page.transactions().stream().filter(request::matches).toList();
      if (request.dryRun()) {
        count += found.size();
      } else {
        var wanted = found.subList(0, Math.min(found.size(), request.limit() - count));
        count += resume(wanted, firstAt, count, request.perSecond());
        if (wanted.size() < found.size()) {
          // Those that were resumed are no longer there, so the rest comes again.
          return new ResumeOutcome(count, true, position);
        }
      }
      position = page.nextPosition();
      if (position.isEmpty()) {
        return new ResumeOutcome(count, false, "");
      }
    }
    return new ResumeOutcome(count, true, position);
  }

  private int resume(
      List<GlobalTransaction> transactions, Instant firstAt, int earlier, int perSecond) {
    var now = clock.instant();
    var updates =
        IntStream.range(0, transactions.size())
            .<WriteCommand>mapToObj(i -> {
              var parked = transactions.get(i);
              var after = Duration.ofSeconds(earlier + i).dividedBy(perSecond);
              var schedule = parked.schedule().due(firstAt.plus(after));
              return new WriteCommand.Update(
                  parked, parked.withSchedule(schedule).nextVersion(now));
            })
            .toList();
    // Whoever lost a race was resumed, or ended, by somebody else; what is locked stays parked.
    return updates.isEmpty()
        ? 0
        : (int)
            store.apply(updates).stream().filter(WriteOutcome.Applied.class::isInstance).count();
  }
}
