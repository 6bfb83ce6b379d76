package io.dtm.spring;

import java.util.concurrent.CompletableFuture;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Guarded methods of every kind. */
class Shelf {
  private final JdbcTemplate jdbc;

  Shelf(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  @BarrierTransactional
  public int take(int count) {
    jdbc.update("UPDATE stock SET n = n - ?", count);
    var left = jdbc.queryForObject("SELECT n FROM stock", Integer.class);
    return left == null ? 0 : left;
  }

  @BarrierTransactional
  public int giveBack(int count) {
    return jdbc.update("UPDATE stock SET n = n + ?", count);
  }

  @BarrierTransactional
  public String name() {
    return TestDatabase.ITEM;
  }

  @BarrierTransactional
  public <X extends Exception> int takeAndThrow(X exception) throws X {
    take(1);
    throw exception;
  }

  @Transactional(isolation = Isolation.READ_COMMITTED)
  @BarrierTransactional
  public int takeTransactionally(int count) {
    return take(count);
  }

  @BarrierTransactional
  public CompletableFuture<Integer> takeLater() {
    return CompletableFuture.completedFuture(take(1));
  }

  @Transactional(propagation = Propagation.REQUIRES_NEW)
  @BarrierTransactional
  public int takeApart() {
    return take(1);
  }

  @BarrierTransactional("elsewhere")
  public int takeElsewhere() {
    return take(1);
  }

  @BarrierTransactional("otherTable")
  public int takeWithOtherTable() {
    return take(1);
  }
}
