package io.dtm.server.engine;

import io.dtm.server.core.BranchResult;
import io.dtm.server.core.GlobalTransaction;

/**
 * What a pass could not get past: the branch, or the client that was asked, which ended it
 * unfinished. Of several the first counts, those before the others whose answer was unclear.
 *
 * @param what in words, such as {@code branch 01 action}
 * @param heard what was heard of it last
 */
record Obstacle(String what, String url, String heard) {

  static Obstacle of(GlobalTransaction transaction, PassState pass) {
    return pass.firstObstacle()
        .map(index -> {
          var branch = transaction.branches().get(index);
          var what = "branch %s %s".formatted(branch.branchId(), branch.operation().name());
          return new Obstacle(what, branch.url(), heard(pass.unsettled(index).orElseThrow()));
        })
        .orElseGet(() ->
            new Obstacle(
                "the check-back",
                transaction.definition().checkBackUrl(),
                pass.checkBack().map(Obstacle::heard).orElse("")));
  }

  private static String heard(BranchResult result) {
    return switch (result) {
      case BranchResult.Succeeded ignored -> "";
      case BranchResult.Refused refused -> refused.message();
      case BranchResult.Ongoing ignored -> "still at work";
      case BranchResult.Unclear unclear -> unclear.message();
      case BranchResult.Deferred deferred -> deferred.message();
    };
  }
}
