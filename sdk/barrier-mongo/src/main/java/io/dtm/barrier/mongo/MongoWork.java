package io.dtm.barrier.mongo;

import com.mongodb.client.ClientSession;

/**
 * What a barrier guards in MongoDB. It may be run more than once, each time in a transaction of
 * which nothing remains unless it commits.
 *
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface MongoWork<X extends Exception> {
  /**
   * Does the work.
   *
   * @param session to be passed to every operation; what is done without it is not guarded
   */
  void run(ClientSession session) throws X;
}
