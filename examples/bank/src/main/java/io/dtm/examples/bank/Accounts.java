package io.dtm.examples.bank;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Balances, and the journal that keeps them right. Thread-safe.
 *
 * <p>The manager promises to call each branch at least once, not exactly once: an answer may be
 * lost, a call may be overtaken by its own compensation. So every booking is entered in a journal
 * under (gid, branch, operation), in one step with the change of the balance:
 *
 * <ul>
 *   <li>a call whose entry is there is a repetition: it changes nothing;
 *   <li>a compensation whose action has no entry has nothing to undo (a <em>null
 *       compensation</em>), and enters an action of zero, so that the action, should it come after
 *       all, counts as a repetition.
 * </ul>
 *
 * <p>This is the rule of the barrier table that services with a database keep beside their data, in
 * the same local transaction. Here map and journal share a lock instead, which is enough for memory
 * and for nothing else.
 */
final class Accounts {
  /**
   * Old entries are forgotten beyond this many; a bank that lives longer than its examples would
   * keep them by age.
   */
  private static final int JOURNAL_MAX = 100_000;

  private final Map<String, Long> balances = new TreeMap<>();
  private final Map<BranchCall, Long> journal =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<BranchCall, Long> eldest) {
          return size() > JOURNAL_MAX;
        }
      };

  Accounts(Map<String, Long> balances) {
    this.balances.putAll(balances);
  }

  synchronized Map<String, Long> balances() {
    return new TreeMap<>(balances);
  }

  /**
   * Books an action once.
   *
   * @return whether the balance suffices; if not, nothing is changed or entered
   */
  synchronized boolean book(BranchCall action, String account, long change) {
    if (journal.containsKey(action)) {
      return true;
    }
    var balance = Math.addExact(balances.getOrDefault(account, 0L), change);
    if (balance < 0) {
      return false;
    }
    balances.put(account, balance);
    journal.put(action, change);
    return true;
  }

  /**
   * Undoes once what the action has booked, which is what the journal says and not what the call
   * repeats.
   */
  synchronized void undo(BranchCall compensation, String account) {
    if (journal.containsKey(compensation)) {
      return;
    }
    long booked = journal.computeIfAbsent(compensation.action(), action -> 0L);
    journal.put(compensation, -booked);
    balances.merge(account, -booked, Math::addExact);
  }
}
