package io.dtm.testing.store.testkit;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dtm.server.core.Payload;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Transactions that are larger than what a store can keep under one key. */
interface TooLargeBehaviour extends StoreBehaviour {
  OptionalInt tooManyBytes();

  @Test
  default void whatIsTooLargeForTheStoreIsRefusedAndSpoilsNotItsBatch() {
    assumeTrue(tooManyBytes().isPresent(), "the store declares that it has no such limit");
    var good = create(aSaga("good"));
    var grows = create(aSaga("grows"));
    var payload = Payload.of(new byte[tooManyBytes().getAsInt()]);
    var large = aSaga("large").payload(payload).step("debit").build();
    var grown = grows.withAppended(large.branches().subList(0, 1)).nextVersion(clock().instant());
    var better = good.nextVersion(clock().instant());

    var outcomes =
        store()
            .apply(
                List.of(
                    new WriteCommand.Create(large),
                    new WriteCommand.Update(grows, grown),
                    new WriteCommand.Create(aSaga("new").build()),
                    new WriteCommand.Update(good, better)));

    assertThat(outcomes.subList(0, 2))
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(WriteOutcome.Refused.class));
    assertThat(outcomes.subList(2, 4)).containsOnly(new WriteOutcome.Applied());
    assertThat(((WriteOutcome.Refused) outcomes.getFirst()).why()).contains("large", "bytes");
    assertThat(store().find(large.gid())).isEmpty();
    assertStored(grows);
    assertStored(better);
    assertStored(aSaga("new").build());
  }
}
