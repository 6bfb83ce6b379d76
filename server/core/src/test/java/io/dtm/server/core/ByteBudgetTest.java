package io.dtm.server.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ByteBudgetTest {
  private static final long MIB = 1024 * 1024;

  private final ByteBudget budget = new ByteBudget(8 * MIB);

  @Test
  void whatIsSmallFindsRoomWhereWhatIsLargeHasToWait() {
    try (var first = budget.open();
        var large = budget.open();
        var small = budget.open()) {
      assertThat(first.hold(3 * MIB)).isTrue();
      assertThat(large.hold(3 * MIB)).isTrue();

      assertThat(large.hold(3 * MIB + 1)).isFalse();
      assertThat(small.hold(ByteBudget.SMALL_BYTES)).isTrue();
      assertThat(budget.taken()).isEqualTo(6 * MIB + ByteBudget.SMALL_BYTES);
    }
    assertThat(budget.taken()).isZero();
  }

  @Test
  void whatIsLargerThanHalfCountsAsHalf() {
    try (var huge = budget.open();
        var other = budget.open()) {
      assertThat(huge.hold(100 * MIB)).isTrue();

      assertThat(budget.taken()).isEqualTo(4 * MIB);
      assertThat(other.hold(100 * MIB)).isFalse();
      assertThat(other.hold(2 * MIB)).isTrue();
    }
  }

  @Test
  void aShareOnlyGrowsAndIsGivenBackOnce() {
    var share = budget.open();

    assertThat(share.hold(2 * MIB)).isTrue();
    assertThat(share.hold(MIB)).isTrue();
    share.force(3 * MIB);
    assertThat(budget.taken()).isEqualTo(3 * MIB);
    share.close();
    share.close();

    assertThat(budget.taken()).isZero();
    assertThat(share.hold(1)).isFalse();
  }

  private CompletableFuture<Long> takenWhenHalfIsFree() {
    return CompletableFuture.supplyAsync(() -> {
      try {
        budget.awaitHalf();
        return budget.taken();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  @Test
  void whoWaitsForHalfIsWokenWhenItIsFree() throws Exception {
    var share = budget.open();
    share.force(4 * MIB);

    var waiting = takenWhenHalfIsFree();
    share.close();

    assertThat(waiting.get(60, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void whoWaitsForHalfIsLetGoAtTheEnd() throws Exception {
    var share = budget.open();
    share.force(4 * MIB);

    var waiting = takenWhenHalfIsFree();
    budget.letGo();

    assertThat(waiting.get(60, TimeUnit.SECONDS)).isEqualTo(4 * MIB);
  }

  @Test
  void anUnlimitedOneHasRoomForEverything() throws Exception {
    var unlimited = ByteBudget.unlimited();

    unlimited.awaitHalf(); // does not wait

    assertThat(unlimited.open().hold(Long.MAX_VALUE)).isTrue();
  }

  @Test
  void aBudgetOfNothingIsRefused() {
    assertThatThrownBy(() -> new ByteBudget(0)).hasMessage("bytesMax: 0 (expected: > 0)");
  }
}
