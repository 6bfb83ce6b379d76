package io.dtm.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BranchRequestTest {
  private static final BranchRequest ACTION =
      new BranchRequest("g 1", TransactionMode.XA, "01", "action", "http://m:1/api", "http://b/x");

  @Test
  void isReadFromAQueryWhateverElseIsInIt() {
    assertThat(
            BranchRequest.fromQuery(
                "color=red&branch_id=01&gid=g+1&op=action&trans_type=xa"
                    + "&dtm=http%3A%2F%2Fm%3A1%2Fapi&phase2_url=http%3A%2F%2Fb%2Fx&flag&=x"))
        .isEqualTo(ACTION);
  }

  @Test
  void isReadFromWhateverTellsParameters() {
    var parameters = Map.of("gid", "g1", "trans_type", "msg", "branch_id", "00", "op", "msg");

    assertThat(BranchRequest.from(parameters::get))
        .isEqualTo(BranchRequest.of("g1", TransactionMode.MESSAGE, "00", "msg"));
  }

  @Test
  void becomesTheQueryThatItIsReadFrom() {
    var url = ACTION.addedTo("http://bank/TransOut");

    assertThat(BranchRequest.fromQuery(url.substring(url.indexOf('?') + 1))).isEqualTo(ACTION);
    assertThat(ACTION.addedTo("http://bank/TransOut?color=red"))
        .startsWith("http://bank/TransOut?color=red&dtm=http%3A%2F%2Fm%3A1%2Fapi&branch_id=01");
  }

  @Test
  void leavesOutWhatThereIsNot() {
    assertThat(BranchRequest.of("g1", TransactionMode.SAGA, "01", "action").parameters())
        .containsExactly(
            entry("branch_id", "01"),
            entry("gid", "g1"),
            entry("op", "action"),
            entry("trans_type", "saga"));
  }

  @ParameterizedTest
  @CsvSource({
    "trans_type=saga&branch_id=01&op=action,gid",
    "gid=g1&branch_id=01&op=action,trans_type",
    "gid=g1&trans_type=saga&op=action,branch_id",
    "gid=g1&trans_type=saga&branch_id=01&op=,op",
    "'',gid"
  })
  void isNoneWithoutItsFourWords(String query, String missing) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BranchRequest.fromQuery(query))
        .withMessageStartingWith(
            missing + ": missing (expected: gid, trans_type, branch_id and op");
  }

  @Test
  void isNoneWithoutAQuery() {
    assertThatIllegalArgumentException().isThrownBy(() -> BranchRequest.fromQuery(null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%0Ab", "a%3Bb"})
  void refusesGidsThatManagersWouldChange(String gid) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> BranchRequest.fromQuery("trans_type=saga&branch_id=01&op=action&gid=" + gid))
        .withMessageStartingWith("gid: ");
  }

  @Test
  void refusesWordsThatNoTableCouldKeep() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BranchRequest.of("g1", TransactionMode.SAGA, "0".repeat(129), "action"))
        .withMessage("branch_id: 129 characters (expected: 1 to 128)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BranchRequest.of("g1", TransactionMode.SAGA, "01", "a\nb"))
        .withMessageStartingWith("op: 'a");
  }

  @Test
  void givesItsOwnTransactionsTheSameGidEachTime() {
    assertThat(BranchRequest.of("g1", TransactionMode.SAGA, "02", "action").nestedGid())
        .isEqualTo("g1-02-action");
  }

  @ParameterizedTest
  @EnumSource
  void everyModeHasAWord(TransactionMode mode) {
    assertThat(TransactionMode.ofWord(mode.word())).isEqualTo(mode);
  }

  @Test
  void refusesAModeThatThereIsNot() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TransactionMode.ofWord("magic"))
        .withMessage("trans_type: 'magic' (expected: one of saga, tcc, xa, msg, workflow)");
  }
}
