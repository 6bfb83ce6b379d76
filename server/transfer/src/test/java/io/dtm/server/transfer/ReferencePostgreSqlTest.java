package io.dtm.server.transfer;

import io.dtm.testing.databases.PostgreSqlServer;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class ReferencePostgreSqlTest extends ReferenceStoreContract {
  private final PostgreSqlServer server = PostgreSqlServer.start();

  @BeforeAll
  void fill() throws SQLException {
    server.createDatabase("dtm");
    var url = server.jdbcUrl("dtm") + "&currentSchema=coordination";
    try (var connection = DriverManager.getConnection(url)) {
      var rows =
          new SqlRows(connection, time -> OffsetDateTime.ofInstant(time, ZoneOffset.ofHours(8)));
      rows.createTables("reference-postgres.sql");
      rows.fill();
    }
  }

  @AfterAll
  void close() {
    server.close();
  }

  @Override
  ReferenceUrl url() {
    return ReferenceUrl.parse(
        "postgres://postgres@%s:%d/dtm?schema=coordination&sslmode=disable"
            .formatted(server.host(), server.port()),
        "");
  }

  @Override
  List<String> oddGids() {
    return List.of();
  }
}
