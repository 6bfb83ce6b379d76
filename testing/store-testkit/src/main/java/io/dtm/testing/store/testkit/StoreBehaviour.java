package io.dtm.testing.store.testkit;

import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.util.ArrayList;
import java.util.List;

/**
 * What the parts of the contract share: an open store, its clock, and words for what is done to it.
 */
interface StoreBehaviour {
  TransactionStore store();

  SettableClock clock();

  default WriteOutcome write(WriteCommand command) {
    var outcomes = store().apply(List.of(command));
    assertThat(outcomes).hasSize(1);
    return outcomes.getFirst();
  }

  /** Stores a new transaction and gives it back. */
  default GlobalTransaction create(TransactionBuilder builder) {
    return create(builder.build());
  }

  default GlobalTransaction create(GlobalTransaction transaction) {
    assertThat(write(new WriteCommand.Create(transaction))).isEqualTo(new WriteOutcome.Applied());
    return transaction;
  }

  /** Stores {@code changed} as the next version and gives that back. */
  default GlobalTransaction update(GlobalTransaction before, GlobalTransaction changed) {
    var after = changed.nextVersion(clock().instant());
    assertThat(write(new WriteCommand.Update(before, after))).isEqualTo(new WriteOutcome.Applied());
    return after;
  }

  default GlobalTransaction succeed(GlobalTransaction before) {
    return update(before, before.movedTo(SUCCEEDED, "", clock().instant()));
  }

  default GlobalTransaction fail(GlobalTransaction before, String reason) {
    return update(before, before.movedTo(FAILED, reason, clock().instant()));
  }

  default GlobalTransaction stored(String gid) {
    return store().find(new Gid(gid)).orElseThrow();
  }

  default void assertStored(GlobalTransaction expected) {
    assertThat(store().find(expected.gid())).contains(expected);
  }

  /** Every transaction that matches, page by page. */
  default List<GlobalTransaction> listAll(TransactionFilter filter, int pageSize) {
    var all = new ArrayList<GlobalTransaction>();
    var position = "";
    do {
      var page = store().list(filter, position, pageSize);
      assertThat(page.transactions()).hasSizeLessThanOrEqualTo(pageSize);
      all.addAll(page.transactions());
      position = page.nextPosition();
    } while (!position.isEmpty());
    return all;
  }

  static List<String> gids(List<GlobalTransaction> transactions) {
    return transactions.stream().map(t -> t.gid().value()).toList();
  }
}
