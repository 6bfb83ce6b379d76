package io.dtm.server.transfer;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.StoredRecordUnreadable;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.transfer.ImportReport.Kind;
import io.dtm.server.transfer.ImportReport.Tally;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One import under way. Not thread-safe. */
final class ImportRun {
  /** A batch ends with this many transactions, or with this many bytes. */
  private static final int BATCH_MAX = 100;

  private static final long BATCH_BYTES_MAX = 8L << 20;

  private final TransactionStore target;
  private final Import.Mode mode;
  private final Instant now;
  private final Problems problems = new Problems();
  private final SortedMap<Kind, Tally> tallies = new TreeMap<>();
  private final List<Candidate> batch = new ArrayList<>();
  private long batchBytes;
  private long refused;
  private long refusedBranches;
  private long verified;
  private long verifiedBranches;
  private Tally topics = Tally.NONE;
  private long verifiedTopics;

  /** A transaction, and the row that it was made of. */
  private record Candidate(ReferenceTransaction row, GlobalTransaction wanted) {
    /** What an earlier import made of the row, if it was one that stored this. */
    GlobalTransaction asOf(GlobalTransaction stored) {
      return ReferenceMapper.map(row, stored.definition().createdAt());
    }
  }

  ImportRun(TransactionStore target, Import.Mode mode, Instant now) {
    this.target = target;
    this.mode = mode;
    this.now = now;
  }

  Problems problems() {
    return problems;
  }

  void sourceIsInUse() {
    problems.add(
        "source", "it changes: a reference is at work on it (expected: all of them stopped)");
  }

  /** Takes one transaction on; it may be written only with later ones. */
  void take(ReferenceStore.Row row) {
    switch (row) {
      case ReferenceStore.Row.Damaged damaged -> refuse(row, damaged.reason());
      case ReferenceStore.Row.Found found -> {
        try {
          add(new Candidate(found.transaction(), ReferenceMapper.map(found.transaction(), now)));
        } catch (IllegalArgumentException e) {
          refuse(row, String.valueOf(e.getMessage()));
        }
      }
    }
  }

  private void refuse(ReferenceStore.Row row, String reason) {
    refused++;
    refusedBranches += row.branches();
    problems.add(row.gid(), reason);
  }

  private void add(Candidate candidate) {
    batch.add(candidate);
    batchBytes += candidate.wanted().payloadBytes();
    if (batch.size() >= BATCH_MAX || batchBytes >= BATCH_BYTES_MAX) {
      flush();
    }
  }

  /** Writes what was taken on, and looks whether it is there. */
  void flush() {
    switch (mode) {
      case DRY_RUN -> batch.forEach(this::foresee);
      case APPLY -> write();
    }
    batch.clear();
    batchBytes = 0;
  }

  private void foresee(Candidate candidate) {
    var stored = target.find(candidate.wanted().gid());
    count(candidate.wanted(), stored.isEmpty());
    stored.ifPresent(found -> isCarriedOn(candidate, found));
  }

  private void write() {
    var outcomes =
        target.apply(
            batch.stream()
                .<WriteCommand>map(candidate -> new WriteCommand.Create(candidate.wanted()))
                .toList());
    for (int i = 0; i < outcomes.size(); i++) {
      var candidate = batch.get(i);
      count(
          candidate.wanted(),
          switch (outcomes.get(i)) {
            case WriteOutcome.Applied ignored -> true;
            case WriteOutcome.Conflict ignored -> false;
            case WriteOutcome.Unreadable(var why) -> throw new StoredRecordUnreadable(why);
            case WriteOutcome.Locked(var why) -> throw new StoreUnavailable(why);
            case WriteOutcome.Refused(var why) -> throw new StoreUnavailable(why);
            case WriteOutcome.Missing ignored ->
                throw new IllegalStateException(
                    candidate.wanted().gid() + ": created, and missing");
          });
      verify(candidate);
    }
  }

  private void count(GlobalTransaction wanted, boolean created) {
    var tally = new Tally(created ? 1 : 0, created ? 0 : 1, wanted.branches().size());
    tallies.merge(new Kind(wanted.mode(), wanted.status()), tally, Tally::plus);
  }

  private void verify(Candidate candidate) {
    var wanted = candidate.wanted();
    var stored = target.find(wanted.gid());
    if (stored.isEmpty()) {
      problems.add(wanted.gid().value(), "not found in the target after it was written");
    } else if (isCarriedOn(candidate, stored.get())) {
      verified++;
      verifiedBranches += wanted.branches().size();
    }
  }

  /**
   * Whether what is stored is what was asked for, or what a server of ours has made of it since an
   * earlier import: it may have taken it further, but has never removed a branch.
   */
  private boolean isCarriedOn(Candidate candidate, GlobalTransaction stored) {
    var wanted = candidate.asOf(stored);
    boolean isUntouched = stored.version() == wanted.version();
    boolean isSame =
        isUntouched
            ? SameContent.of(wanted, stored)
            : stored.mode() == wanted.mode()
                && stored.definition().createdAt().equals(wanted.definition().createdAt())
                && stored.branches().size() >= wanted.branches().size();
    if (!isSame) {
      problems.add(
          wanted.gid().value(),
          "another transaction of this gid is in the target: %s (the source has: %s)"
              .formatted(brief(stored), brief(wanted)));
    }
    return isSame;
  }

  private static String brief(GlobalTransaction transaction) {
    return "%s, %s, %d branches, created %s"
        .formatted(
            ReferenceWords.of(transaction.mode()),
            ReferenceWords.of(transaction.status()),
            transaction.branches().size(),
            transaction.definition().createdAt());
  }

  /** Takes the topics over and holds what was counted against what the source says. */
  void close(TopicImport imported, ReferenceStore.Counts source) {
    topics = imported.tally();
    verifiedTopics = imported.verified();
    var total = tallies.values().stream().reduce(Tally.NONE, Tally::plus);
    agree("transactions", total.count() + refused, source.transactions());
    agree("branches", total.branches() + refusedBranches, source.branches());
    agree("topics", imported.read(), source.topics());
  }

  private void agree(String what, long read, long counted) {
    if (read != counted) {
      problems.add("source", "%d %s read (expected: %d)".formatted(read, what, counted));
    }
  }

  ImportReport report(ReferenceStore.Counts source) {
    return new ImportReport(
        mode,
        source,
        tallies,
        topics,
        new ImportReport.Refused(refused, refusedBranches),
        new ImportReport.Verified(verified, verifiedBranches, verifiedTopics),
        problems.kept(),
        problems.count());
  }
}
