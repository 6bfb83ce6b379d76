package io.dtm.spring;

import io.dtm.client.BranchRefused;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;

/** A participant as its service has it: whatever comes twice, late or for nothing, it bears. */
// page: begin
@Service
@BarrierTransactional
class Warehouse implements Stock {
  private final JdbcTemplate jdbc;

  Warehouse(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public void deduct(Order order) {
    take(order);
  }

  @Override
  public void restore(Order order) {
    jdbc.update("UPDATE stock SET n = n + ? WHERE item = ?", order.count(), order.item());
  }

  private void take(Order order) {
    var sql = "UPDATE stock SET n = n - ? WHERE item = ? AND n >= ?";
    if (jdbc.update(sql, order.count(), order.item(), order.count()) == 0) {
      throw new BranchRefused("not enough of " + order.item());
    }
  }

  @Override
  public Reservation reserve(Order order) {
    take(order);
    jdbc.update("UPDATE stock SET held = held + ? WHERE item = ?", order.count(), order.item());
    var left =
        jdbc.queryForObject("SELECT n FROM stock WHERE item = ?", Integer.class, order.item());
    return new Reservation(order.item(), left == null ? 0 : left);
  }

  @Override
  public void ship(Order order) {
    jdbc.update("UPDATE stock SET held = held - ? WHERE item = ?", order.count(), order.item());
  }

  @Override
  public void release(Order order) {
    jdbc.update(
        "UPDATE stock SET n = n + ?, held = held - ? WHERE item = ?",
        order.count(),
        order.count(),
        order.item());
  }

  @Override
  public void replenish(Order order) {
    restore(order);
  }
}
// page: end
