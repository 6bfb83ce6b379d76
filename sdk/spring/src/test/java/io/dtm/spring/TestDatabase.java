package io.dtm.spring;

import com.zaxxer.hikari.HikariDataSource;
import io.dtm.barrier.SqlDialect;
import io.dtm.testing.databases.MariaDbServer;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A database of each kind with a barrier and a stock of umbrellas, started once for all tests. */
enum TestDatabase {
  H2(SqlDialect.H2) {
    @Override
    String url() {
      return "jdbc:h2:mem:spring;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000";
    }
  },

  MARIADB(SqlDialect.MYSQL) {
    @Override
    String url() {
      return MariaDb.URL;
    }
  };

  static final String ITEM = "umbrella";
  static final int OPENING = 10;
  private static final int CONNECTIONS_MAX = 60;

  private static final class MariaDb {
    static final String URL = url();

    private static String url() {
      var server = MariaDbServer.start();
      server.createDatabase("shop");
      return server.jdbcUrl("shop");
    }
  }

  private final SqlDialect dialect;
  private final HikariDataSource dataSource = new HikariDataSource();

  TestDatabase(SqlDialect dialect) {
    this.dialect = dialect;
  }

  abstract String url();

  SqlDialect dialect() {
    return dialect;
  }

  /** Opens its connections when they are needed. */
  synchronized DataSource dataSource() {
    if (dataSource.getJdbcUrl() == null) {
      dataSource.setJdbcUrl(url());
      dataSource.setMaximumPoolSize(CONNECTIONS_MAX);
      dataSource.setMinimumIdle(0);
    }
    return dataSource;
  }

  JdbcTemplate jdbc() {
    return new JdbcTemplate(dataSource());
  }

  /** With no marks, and what there is at the opening. */
  void layOut() {
    var jdbc = jdbc();
    for (var statement : dialect.createScript().split(";\n", -1)) {
      if (!statement.isBlank()) {
        jdbc.execute(statement);
      }
    }
    jdbc.execute("DELETE FROM dtm_barrier.barrier");
    jdbc.execute(
        "CREATE TABLE IF NOT EXISTS stock (item VARCHAR(20) PRIMARY KEY, n INT, held INT)");
    jdbc.execute("DELETE FROM stock");
    jdbc.execute("CREATE TABLE IF NOT EXISTS note (words VARCHAR(100))");
    jdbc.execute("DELETE FROM note");
    jdbc.update("INSERT INTO stock VALUES (?, ?, 0)", ITEM, OPENING);
  }

  /** How many umbrellas there are. */
  int left() {
    return number("SELECT n FROM stock WHERE item = 'umbrella'");
  }

  int held() {
    return number("SELECT held FROM stock WHERE item = 'umbrella'");
  }

  int marks() {
    return number("SELECT COUNT(*) FROM dtm_barrier.barrier");
  }

  List<String> notes() {
    return jdbc().queryForList("SELECT words FROM note", String.class);
  }

  private int number(String sql) {
    var number = jdbc().queryForObject(sql, Integer.class);
    return number == null ? 0 : number;
  }
}
