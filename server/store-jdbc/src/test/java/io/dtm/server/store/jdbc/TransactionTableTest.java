package io.dtm.server.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How rows are cut into statements. */
final class TransactionTableTest {
  private static final long MEBIBYTE = 1 << 20;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 31, 32, 33, 63, 64, 65, 127, 300})
  void sizesArePowersOfTwoAndTheOrderIsKept(int count) {
    var rows = IntStream.range(0, count).boxed().toList();

    var parts = TransactionTable.parts(rows, row -> 1);

    assertThat(parts.stream().flatMap(List::stream)).isEqualTo(rows);
    assertThat(parts)
        .allSatisfy(part -> {
          assertThat(Integer.bitCount(part.size())).isEqualTo(1);
          assertThat(part).hasSizeLessThanOrEqualTo(64);
        });
  }

  @Test
  void fewStatementsAreNeeded() {
    var parts = TransactionTable.parts(Collections.nCopies(300, 0), row -> 1);

    assertThat(parts).extracting(List::size).containsExactly(64, 64, 64, 64, 32, 8, 4);
  }

  @Test
  void aStatementHoldsLessThanAMebibyte() {
    var parts = TransactionTable.parts(List.of(1L, 1L, 1L, 0L, 0L, 2L), row -> row * 450_000);

    assertThat(parts).containsExactly(List.of(1L, 1L), List.of(1L, 0L), List.of(0L, 2L));
  }

  @Test
  void aRowThatIsLargerGoesAlone() {
    var parts = TransactionTable.parts(List.of(0L, 9L, 0L, 0L), row -> row * MEBIBYTE);

    assertThat(parts).containsExactly(List.of(0L), List.of(9L), List.of(0L, 0L));
  }
}
