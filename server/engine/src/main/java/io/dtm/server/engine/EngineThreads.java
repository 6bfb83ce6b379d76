package io.dtm.server.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/**
 * Where the work of a node's engine runs. The engine makes no thread of its own, so that whoever
 * owns it decides what kind they are, and in which order they get their turn.
 *
 * @param passes runs passes and calls; each task blocks, so a virtual thread for each is meant
 * @param storeWork makes the few threads that do nothing but work with the store: commits, the scan
 *     for what is due, the deletion of what is finished
 */
public record EngineThreads(Executor passes, ThreadFactory storeWork) {

  /**
   * For production: daemon platform threads work with the store, since a store may call native
   * code, which would hold the carrier of a virtual thread.
   */
  public static EngineThreads over(Executor passes) {
    return new EngineThreads(passes, Thread.ofPlatform().daemon().factory());
  }

  /** A thread for work with the store, not yet started. */
  Thread storeThread(String name, Runnable work) {
    var thread = storeWork.newThread(work);
    thread.setName(name);
    return thread;
  }
}
