package io.dtm.sdk.testing;

import io.dtm.sdk.testing.CallAnswer.Kind;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One call of a branch as it went: what befell it, what the participant did, what the caller heard.
 *
 * @param branchId {@code 01} for the first step, {@code 02} for the second, …
 * @param operation {@code action}, {@code compensate}, {@code try}, {@code confirm}, …
 * @param url the participant's own address
 * @param attempt 1 for the first call of this operation of this branch, 2 for the next, …
 * @param delivered what the participant answered, once for each time that the call reached it
 * @param heard what the caller was told
 */
public record RecordedCall(
    String gid,
    String branchId,
    String operation,
    String url,
    int attempt,
    Fault fault,
    List<CallAnswer> delivered,
    CallAnswer heard) {

  public RecordedCall {
    delivered = List.copyOf(delivered);
  }

  /** Branch and operation, such as {@code 01 action}: what {@link TransactionAssert} compares. */
  public String step() {
    return branchId + " " + operation;
  }

  /** In words, such as {@code TransOut (01 action): called again, done}. */
  @Override
  public String toString() {
    return "%s (%s): %s".formatted(name(), step(), story());
  }

  /** The last part of the address. */
  private String name() {
    var query = url.indexOf('?');
    var path = query < 0 ? url : url.substring(0, query);
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private String story() {
    var called = attempt == 1 ? "called" : "called again";
    return switch (fault) {
      case NONE -> "%s, %s".formatted(called, heard);
      case REFUSE -> called + ", refused on the way";
      case LATE -> delivered.isEmpty() ? called + ", delayed" : "arrives late, " + answers();
      case REPLY_LOST -> "%s, %s, reply lost".formatted(called, answers());
      case DUPLICATE -> "%s and delivered twice, %s".formatted(called, answers());
      case ERROR -> called + ", error on the way";
      case TIME_OUT -> called + ", lost on the way";
      case ONGOING -> called + ", still at work";
      case CRASH_BEFORE -> crashBefore();
      case CRASH_AFTER -> "%s, %s, then the server crashes".formatted(called, answers());
    };
  }

  private String crashBefore() {
    return delivered.isEmpty()
        ? "the server crashes before it calls"
        : "the server crashes; called by the application, " + answers();
  }

  private String answers() {
    return delivered.isEmpty()
        ? new CallAnswer(Kind.NONE, "").toString()
        : delivered.stream().map(CallAnswer::toString).collect(Collectors.joining(", then "));
  }
}
