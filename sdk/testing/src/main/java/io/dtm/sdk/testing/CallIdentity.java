package io.dtm.sdk.testing;

import io.dtm.protocol.Operations;
import io.dtm.protocol.TransTypes;

/**
 * What a call is for, whoever makes it.
 *
 * @param transType the mode in the words of the wire
 */
record CallIdentity(String transType, String gid, String branchId, String operation, String url) {

  /** Whether the participant has the right to refuse it: nothing was promised before it. */
  boolean mayBeRefused() {
    return switch (operation) {
      case Operations.TRY -> true;
      case Operations.ACTION ->
          transType.equals(TransTypes.SAGA) || transType.equals(TransTypes.XA);
      default -> false;
    };
  }

  /** Whether it only asks what became of something. */
  boolean isQuestion() {
    return operation.equals(Operations.MSG);
  }
}
