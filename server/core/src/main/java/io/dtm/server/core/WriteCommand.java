package io.dtm.server.core;

/** One conditional write. */
public sealed interface WriteCommand {

  Gid gid();

  /** Adds a transaction, unless its gid is taken. */
  record Create(GlobalTransaction transaction) implements WriteCommand {
    @Override
    public Gid gid() {
      return transaction.gid();
    }
  }

  /**
   * Replaces {@code before} by {@code after}, unless the stored version is no longer that of {@code
   * before}. A store may compare the two and write only what differs: the definition (rarely),
   * branches that progressed, branches that were appended, the progress (always). Branches are
   * never removed or reordered.
   */
  record Update(GlobalTransaction before, GlobalTransaction after) implements WriteCommand {
    public Update {
      if (!before.gid().equals(after.gid()) || after.version() != before.version() + 1) {
        throw new IllegalArgumentException(
            "after: %s version %d (expected: %s version %d)"
                .formatted(after.gid(), after.version(), before.gid(), before.version() + 1));
      }
    }

    @Override
    public Gid gid() {
      return after.gid();
    }
  }
}
