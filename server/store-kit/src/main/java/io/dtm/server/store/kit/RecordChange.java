package io.dtm.server.store.kit;

import io.dtm.server.core.Branch;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.WriteCommand;
import org.jspecify.annotations.Nullable;

/**
 * What an update changes of a {@link TransactionRecord}: the progress always, most often nothing
 * else. Found without reading what is stored.
 */
public final class RecordChange {
  private static final byte[] NOTHING = {};

  private final byte @Nullable [] definition;
  private final byte[] appended;
  private final byte[] progress;

  private RecordChange(byte @Nullable [] definition, byte[] appended, byte[] progress) {
    this.definition = definition;
    this.appended = appended;
    this.progress = progress;
  }

  public static RecordChange of(WriteCommand.Update update) {
    var before = update.before();
    var after = update.after();
    var branches = after.branches();
    var progress = RecordCodec.progress(after, Head.of(after, branches.size()));
    if (redefines(before, after)) {
      return new RecordChange(
          RecordCodec.definition(after.definition(), branches), NOTHING, progress);
    }
    var added = branches.subList(before.branches().size(), branches.size());
    var createdAt = after.definition().createdAt();
    return new RecordChange(null, RecordCodec.appended(added, createdAt), progress);
  }

  /** Takes the place of the stored definition, and of all that was appended; null: both stay. */
  public byte @Nullable [] definition() {
    return definition;
  }

  /** To be put behind what was appended before; empty: nothing. */
  public byte[] appended() {
    return appended;
  }

  public byte[] progress() {
    return progress;
  }

  /** Whether an update changes anything but progress and branches that are appended. */
  public static boolean redefines(GlobalTransaction before, GlobalTransaction after) {
    if (!before.definition().equals(after.definition())
        || after.branches().size() < before.branches().size()) {
      return true;
    }
    for (int i = 0; i < before.branches().size(); i++) {
      if (!isSamePlan(before.branches().get(i), after.branches().get(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSamePlan(Branch one, Branch other) {
    return one.equals(other.withProgress(one.progress()))
        && one.progress().createdAt().equals(other.progress().createdAt());
  }
}
