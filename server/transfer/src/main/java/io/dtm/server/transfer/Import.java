package io.dtm.server.transfer;

import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.TransactionStore;
import java.time.InstantSource;

/**
 * Takes what a stopped reference has not finished, and its topics, into a store of ours. May be
 * repeated: what is there already is left as it is. Thread-safe.
 */
public final class Import {
  private static final int PAGE = 100;

  private final InstantSource clock;
  private final Runnable watch;

  /** Whether anything is written. */
  public enum Mode {
    DRY_RUN,
    APPLY
  }

  /**
   * Reads nothing yet.
   *
   * @param watch waits as long as a reference that works would need to show it; two looks at the
   *     source, before and after, must be the same
   */
  public Import(InstantSource clock, Runnable watch) {
    this.clock = clock;
    this.watch = watch;
  }

  /**
   * Imports, or says what would be imported.
   *
   * @throws ReferenceUnreadable when the source cannot be read
   * @throws io.dtm.server.core.StoreUnavailable when the target fails; run it again then
   */
  public ImportReport run(
      ReferenceStore source, TransactionStore target, KeyValueStore targetSettings, Mode mode) {
    var mark = source.mark();
    var counts = source.counts();
    watch.run();
    var run = new ImportRun(target, mode, clock.instant());
    if (!source.mark().equals(mark)) {
      run.sourceIsInUse(); // nothing is written while two would work on the same transactions
      return run.report(counts);
    }
    var position = "";
    do {
      var page = source.list(position, PAGE);
      page.rows().forEach(run::take);
      position = page.nextPosition();
    } while (!position.isEmpty());
    run.flush();
    var topics = new TopicImport(targetSettings, mode, run.problems());
    source.topics().forEach(topics::take);
    run.close(topics, counts);
    if (!source.mark().equals(mark)) {
      run.sourceIsInUse();
    }
    return run.report(counts);
  }
}
