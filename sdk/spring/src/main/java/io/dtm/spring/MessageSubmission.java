package io.dtm.spring;

import io.dtm.client.Message;
import io.dtm.client.TransactionException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;

/** Sends or drops a message when the transaction ends in which it was marked. */
final class MessageSubmission implements TransactionSynchronization {
  private static final Logger LOG = LoggerFactory.getLogger(MessageSubmission.class);

  private final Message message;
  private final Set<Object> laterSavepoints = new HashSet<>();
  private boolean isMarkUndone;

  MessageSubmission(Message message) {
    this.message = message;
  }

  @Override
  public void savepoint(Object savepoint) {
    laterSavepoints.add(savepoint);
  }

  /** Back to a savepoint that was there before the mark, which goes with whatever came after. */
  @Override
  public void savepointRollback(Object savepoint) {
    isMarkUndone |= !laterSavepoints.contains(savepoint);
  }

  @Override
  public void afterCompletion(int status) {
    try {
      switch (status) {
        case STATUS_COMMITTED -> end();
        case STATUS_ROLLED_BACK -> drop();
        default -> LOG.warn("message {}: commit unclear, the check-back decides", message.gid());
      }
    } catch (TransactionException e) {
      LOG.warn("message {}: the check-back decides, because {}", message.gid(), e.getMessage());
    }
  }

  private void end() {
    if (isMarkUndone) {
      drop();
    } else {
      LOG.debug("message {}: {}", message.gid(), message.submit());
    }
  }

  private void drop() {
    LOG.debug("message {}: {}", message.gid(), message.abort("rolled back"));
  }
}
