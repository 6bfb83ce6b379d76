package io.dtm.server.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What is particular to one mode of transaction. */
public sealed interface TransactionSpec {

  TransactionMode mode();

  /**
   * A saga.
   *
   * @param concurrent whether actions run side by side instead of one after the other
   * @param predecessors index of a step to the indexes of the steps that must succeed before it;
   *     enforced in either case
   */
  record Saga(boolean concurrent, Map<Integer, List<Integer>> predecessors)
      implements TransactionSpec {
    public Saga {
      predecessors =
          predecessors.entrySet().stream()
              .collect(
                  Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> List.copyOf(e.getValue())));
    }

    @Override
    public TransactionMode mode() {
      return TransactionMode.SAGA;
    }
  }

  /**
   * Try, confirm, cancel: the client calls the tries, and registers how each is confirmed and
   * cancelled.
   */
  record Tcc() implements TransactionSpec {
    @Override
    public TransactionMode mode() {
      return TransactionMode.TCC;
    }
  }

  /** Database branches that the participants have prepared and registered. */
  record Xa() implements TransactionSpec {
    @Override
    public TransactionMode mode() {
      return TransactionMode.XA;
    }
  }

  /**
   * A two-phase message.
   *
   * @param delay how long after its creation its actions are called; zero: at once
   */
  record Message(Duration delay) implements TransactionSpec {
    @Override
    public TransactionMode mode() {
      return TransactionMode.MESSAGE;
    }
  }

  /**
   * A function of the client, resumed until the client reports its end.
   *
   * @param name which function
   * @param data what it is called with
   */
  record Workflow(String name, Payload data) implements TransactionSpec {
    @Override
    public TransactionMode mode() {
      return TransactionMode.WORKFLOW;
    }
  }
}
