package io.dtm.spring;

import org.springframework.jdbc.core.JdbcTemplate;

/** A participant of XA: its work knows nothing of that. */
class BookkeepersLedger implements Ledger {
  private final JdbcTemplate jdbc;

  BookkeepersLedger(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public int charge(Order order) {
    jdbc.update("UPDATE stock SET n = n - ? WHERE item = ?", order.count(), order.item());
    return order.count();
  }
}
