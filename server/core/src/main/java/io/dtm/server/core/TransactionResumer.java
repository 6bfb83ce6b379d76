package io.dtm.server.core;

/** Takes up transactions before their due time, because what they wait for has come. */
@FunctionalInterface
public interface TransactionResumer {

  /**
   * Takes one up, unless it has ended or another node is at it. May block for the store.
   *
   * @return false when it could not be told what became of it or there was no place for it, so that
   *     another try is worth while
   */
  boolean resume(Gid gid);
}
