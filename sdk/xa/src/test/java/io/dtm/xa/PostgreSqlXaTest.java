package io.dtm.xa;

import java.sql.SQLException;

final class PostgreSqlXaTest extends XaContract {
  PostgreSqlXaTest() throws SQLException {
    super(TestDatabase.POSTGRESQL);
  }
}
