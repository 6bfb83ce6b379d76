package io.dtm.spring;

import io.dtm.client.BranchOngoing;
import io.dtm.client.BranchRefused;

/** A wallet in which there is not much. */
class Purse implements Wallet {
  static final int LIMIT = 8;
  static final int SLOW = 5;
  static final int BROKEN = -1;

  @Override
  public void check(Order order) {
    if (order.count() > LIMIT) {
      throw new BranchRefused("too much to pay");
    }
    if (order.count() == SLOW) {
      throw new BranchOngoing("asking the bank");
    }
    if (order.count() == BROKEN) {
      throw new IllegalStateException("no idea");
    }
  }

  @Override
  public void tryToHold(Order order) {
    check(order);
  }

  @Override
  public void pay(Order order) {}

  @Override
  public void letGo(Order order) {}
}
