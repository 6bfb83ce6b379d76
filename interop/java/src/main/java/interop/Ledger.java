package interop;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the business service knows of one transaction: calls, planned answers, two balances. */
final class Ledger {
  static final int AMOUNT = 30;

  private final List<String> calls = new ArrayList<>();
  private final List<String> headers = new ArrayList<>();
  private final Map<String, Deque<String>> plans = new HashMap<>();
  private final Map<String, Integer> balances = new HashMap<>(Map.of("out", 0, "in", 0));
  private final Map<String, Integer> held = new HashMap<>(Map.of("out", 0, "in", 0));

  interface Work {
    void run() throws Exception;
  }

  /** How the next calls are answered: FAILURE, ONGOING, ERROR, or LOST (done, answered with an error). */
  synchronized Ledger plan(String call, String... answers) {
    plans.put(call, new ArrayDeque<>(Arrays.asList(answers)));
    return this;
  }

  String handle(String call, Work work) throws Exception {
    String answer;
    synchronized (this) {
      calls.add(call);
      answer = plans.getOrDefault(call, new ArrayDeque<>()).poll();
    }
    if ("FAILURE".equals(answer) || "ONGOING".equals(answer)) {
      return answer;
    }
    if ("ERROR".equals(answer)) {
      throw new IllegalStateException(call + " broke");
    }
    work.run();
    if ("LOST".equals(answer)) {
      throw new IllegalStateException(call + " answered with an error after it was done");
    }
    return "SUCCESS";
  }

  static int signed(String who) {
    return who.equals("out") ? -AMOUNT : AMOUNT;
  }

  synchronized void move(String who, String op) {
    switch (op) {
      case "action" -> balances.merge(who, signed(who), Integer::sum);
      case "compensate" -> balances.put(who, 0);
      case "try" -> held.put(who, signed(who));
      case "confirm" -> {
        balances.merge(who, held.get(who), Integer::sum);
        held.put(who, 0);
      }
      case "cancel" -> held.put(who, 0);
      default -> throw new IllegalArgumentException("unknown op " + op);
    }
  }

  synchronized void header(String value) {
    headers.add(value);
  }

  synchronized List<String> headers() {
    return List.copyOf(headers);
  }

  synchronized String calls() {
    return String.join(" ", calls);
  }

  synchronized Map<String, Integer> balances() {
    if (held.values().stream().anyMatch(amount -> amount != 0)) {
      throw new AssertionError("money is still held");
    }
    return Map.copyOf(balances);
  }
}
