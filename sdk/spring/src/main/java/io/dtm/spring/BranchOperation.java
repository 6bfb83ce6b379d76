package io.dtm.spring;

import io.dtm.protocol.Operations;
import java.lang.annotation.Annotation;
import java.util.List;

/** What a method of a participant does for a step, and how managers ask for it. */
enum BranchOperation {
  SAGA_ACTION(SagaAction.class, Operations.ACTION),
  MESSAGE_ACTION(MessageAction.class, Operations.ACTION),
  COMPENSATE(Compensate.class, Operations.COMPENSATE),
  TRY(TccTry.class, Operations.TRY),
  CONFIRM(TccConfirm.class, Operations.CONFIRM),
  CANCEL(TccCancel.class, Operations.CANCEL),
  XA_ACTION(XaAction.class, "xa");

  private final String annotation;
  private final String segment;

  /**
   * @param segment the end of the endpoint's path
   */
  BranchOperation(Class<? extends Annotation> annotation, String segment) {
    this.annotation = annotation.getSimpleName();
    this.segment = segment;
  }

  /** The simple name of the annotation. */
  String annotation() {
    return annotation;
  }

  String segment() {
    return segment;
  }

  boolean serves(String operation) {
    return words().contains(operation);
  }

  String expected() {
    return String.join(" or ", words());
  }

  /** What managers may ask for there; workflows have words of their own for some. */
  private List<String> words() {
    return switch (this) {
      case SAGA_ACTION, MESSAGE_ACTION -> List.of(Operations.ACTION);
      case COMPENSATE -> List.of(Operations.COMPENSATE, Operations.ROLLBACK);
      case TRY -> List.of(Operations.TRY, Operations.ACTION);
      case CONFIRM -> List.of(Operations.CONFIRM, Operations.COMMIT);
      case CANCEL -> List.of(Operations.CANCEL, Operations.ROLLBACK);
      case XA_ACTION -> List.of(Operations.ACTION, Operations.COMMIT, Operations.ROLLBACK);
    };
  }
}
