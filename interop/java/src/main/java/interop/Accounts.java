package interop;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** The accounts in MariaDB, two for each transaction. */
record Accounts(String address) {
  private static final int OPENING = 100;

  Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:mariadb://" + address + "/dtm_busi", "busi", "busi");
  }

  void open(String gid) throws SQLException {
    try (var connection = connect();
        var insert = connection.prepareStatement("insert into account values (?, ?, 0)")) {
      for (String who : new String[] {"out", "in"}) {
        insert.setString(1, gid + "-" + who);
        insert.setInt(2, OPENING);
        insert.executeUpdate();
      }
    }
  }

  void move(Connection connection, String gid, String who, String op) throws SQLException {
    int amount = Ledger.signed(who);
    int balance =
        switch (op) {
          case "action", "confirm" -> amount;
          case "compensate" -> -amount;
          default -> 0;
        };
    int held =
        switch (op) {
          case "try" -> amount;
          case "confirm", "cancel" -> -amount;
          default -> 0;
        };
    try (var update =
        connection.prepareStatement(
            "update account set balance = balance + ?, held = held + ? where name = ?")) {
      update.setInt(1, balance);
      update.setInt(2, held);
      update.setString(3, gid + "-" + who);
      update.executeUpdate();
    }
  }

  Map<String, Integer> changes(String gid) throws SQLException {
    Map<String, Integer> changes = new HashMap<>();
    try (var connection = connect();
        var select =
            connection.prepareStatement("select balance from account where name = ? and held = 0")) {
      for (String who : new String[] {"out", "in"}) {
        select.setString(1, gid + "-" + who);
        try (var rows = select.executeQuery()) {
          changes.put(who, rows.next() ? rows.getInt(1) - OPENING : null);
        }
      }
    }
    return changes;
  }
}
