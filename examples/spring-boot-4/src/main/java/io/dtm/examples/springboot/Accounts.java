package io.dtm.examples.springboot;

import io.dtm.client.BranchRefused;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Accounts in a table, always in the transaction of whoever calls. */
@Repository
class Accounts {
  private final JdbcTemplate database;

  Accounts(JdbcTemplate database) {
    this.database = database;
  }

  /**
   * @throws BranchRefused when there is not enough
   */
  void take(String name, long amount) {
    var taken =
        database.update(
            "UPDATE account SET balance = balance - ? WHERE name = ? AND balance - reserved >= ?",
            amount,
            name,
            amount);
    if (taken == 0) {
      throw new BranchRefused("%s cannot pay %d".formatted(name, amount));
    }
  }

  void give(String name, long amount) {
    database.update("UPDATE account SET balance = balance + ? WHERE name = ?", amount, name);
  }

  /**
   * @throws BranchRefused when it does not exist
   */
  void requireOpen(String name) {
    if (!balances().containsKey(name)) {
      throw new BranchRefused("no account of %s".formatted(name));
    }
  }

  /**
   * Sets it aside: it is still there, but nobody else can have it.
   *
   * @throws BranchRefused when there is not enough
   */
  void reserve(String name, long amount) {
    var reserved =
        database.update(
            "UPDATE account SET reserved = reserved + ? WHERE name = ? AND balance - reserved >= ?",
            amount,
            name,
            amount);
    if (reserved == 0) {
      throw new BranchRefused("%s cannot pay %d".formatted(name, amount));
    }
  }

  void spend(String name, long amount) {
    database.update(
        "UPDATE account SET balance = balance - ?, reserved = reserved - ? WHERE name = ?",
        amount,
        amount,
        name);
  }

  void release(String name, long amount) {
    database.update("UPDATE account SET reserved = reserved - ? WHERE name = ?", amount, name);
  }

  /** What each account has, reserved or not. */
  Map<String, Long> balances() {
    var balances = new TreeMap<String, Long>();
    database.query(
        "SELECT name, balance FROM account",
        rows -> {
          balances.put(rows.getString("name"), rows.getLong("balance"));
        });
    return balances;
  }
}
