package io.dtm.workflow;

import io.dtm.client.BranchOngoing;
import io.dtm.client.BranchRequest;
import io.dtm.client.TransactionMode;
import io.dtm.protocol.Keys;
import io.dtm.protocol.Results;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What managers hear over HTTP of a workflow that they have resumed. */
final class ResumeReplies {
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int TOO_EARLY = 425;
  private static final int ERROR = 500;

  private static final ManagerJson JSON = new ManagerJson();

  private ResumeReplies() {}

  /**
   * Carries out the call and tells what came of it.
   *
   * @param request reads the call
   * @param names of the workflows that are known here
   */
  static ResumeReply of(
      Supplier<BranchRequest> request, Set<String> names, Consumer<BranchRequest> resumption) {
    BranchRequest asked;
    try {
      asked = request.get();
    } catch (IllegalArgumentException e) {
      return message(BAD_REQUEST, e);
    }
    if (asked.mode() == TransactionMode.WORKFLOW && !names.contains(asked.operation())) {
      return message(
          NOT_FOUND,
          new IllegalArgumentException(
              "workflow: '%s' is not known here".formatted(asked.operation())));
    }
    try {
      resumption.accept(asked);
      return result(OK, Results.SUCCESS);
    } catch (BranchOngoing e) {
      return result(TOO_EARLY, Results.ONGOING);
    } catch (IllegalArgumentException e) {
      return message(BAD_REQUEST, e);
    } catch (RuntimeException e) {
      return message(ERROR, e);
    }
  }

  private static ResumeReply result(int status, String word) {
    return new ResumeReply(status, JSON.write(Map.of(Keys.DTM_RESULT, word)));
  }

  /** Managers look for the words of results in any answer, so no message may contain one. */
  private static ResumeReply message(int status, RuntimeException failure) {
    var text =
        String.valueOf(failure.getMessage())
            .replace(Results.FAILURE, "failure")
            .replace(Results.ONGOING, "ongoing");
    return new ResumeReply(status, JSON.write(Map.of(Keys.MESSAGE, text)));
  }
}
