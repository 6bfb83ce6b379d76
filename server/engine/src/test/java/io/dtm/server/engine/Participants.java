package io.dtm.server.engine;

import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.BranchResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Participants that answer as a test has scripted, by URL, and succeed otherwise. Remembers every
 * call. Thread-safe.
 */
final class Participants implements BranchCaller {
  private final Map<String, Queue<BranchResult>> answers = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> reached = new ConcurrentHashMap<>();
  private final List<String> calls = new ArrayList<>();

  /** The next calls of this URL get these answers, one each. */
  void answer(String url, BranchResult... results) {
    answers.computeIfAbsent(url, u -> new ArrayDeque<>()).addAll(List.of(results));
  }

  /** Calls of this URL are not answered before {@link #release}. */
  void hold(String url) {
    held.put(url, new CountDownLatch(1));
    reached.put(url, new CountDownLatch(1));
  }

  void release(String url) {
    held.remove(url).countDown();
  }

  /**
   * Keeps holding the calls that wait now, until the returned latch is counted down, and answers
   * later ones at once.
   */
  CountDownLatch letOthersPass(String url) {
    return held.remove(url);
  }

  /** Waits until a held URL has been called. */
  void awaitCall(String url) throws InterruptedException {
    if (!reached.get(url).await(60, TimeUnit.SECONDS)) {
      throw new AssertionError(url + " was not called");
    }
  }

  /** The URLs called so far, in order. */
  List<String> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  long calls(String url) {
    return calls().stream().filter(url::equals).count();
  }

  @Override
  public BranchResult call(BranchCall call) {
    synchronized (calls) {
      calls.add(call.url());
    }
    var gate = held.get(call.url());
    if (gate != null) {
      reached.get(call.url()).countDown();
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new BranchResult.Unclear("interrupted");
      }
    }
    var scripted = answers.get(call.url());
    synchronized (calls) {
      var next = scripted == null ? null : scripted.poll();
      return next == null ? new BranchResult.Succeeded() : next;
    }
  }
}
