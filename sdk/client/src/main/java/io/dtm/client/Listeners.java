package io.dtm.client;

import java.util.List;

/** All who want to be told, in the order in which they were added. Thread-safe. */
record Listeners(List<TransactionListener> all) implements TransactionListener {

  Listeners {
    all = List.copyOf(all);
  }

  @Override
  public void begun(TransactionMode mode, String gid) {
    all.forEach(one -> one.begun(mode, gid));
  }

  @Override
  public void ended(TransactionMode mode, TransactionResult result) {
    all.forEach(one -> one.ended(mode, result));
  }

  @Override
  public void failed(TransactionMode mode, String gid, Throwable failure) {
    all.forEach(one -> one.failed(mode, gid, failure));
  }
}
