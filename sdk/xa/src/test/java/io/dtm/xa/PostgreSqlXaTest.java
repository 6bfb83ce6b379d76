package io.dtm.xa;

import io.dtm.barrier.SqlDialect;
import io.dtm.testing.databases.AccountDatabase;
import javax.sql.XADataSource;
import org.postgresql.xa.PGXADataSource;

final class PostgreSqlXaTest extends XaContract {
  PostgreSqlXaTest() {
    super(AccountDatabase.onPostgreSql(), SqlDialect.POSTGRESQL, dataSource());
  }

  static XADataSource dataSource() {
    var dataSource = new PGXADataSource();
    dataSource.setUrl(AccountDatabase.onPostgreSql().url());
    return dataSource;
  }

  @Override
  String[] prepareAsGo(String xid) {
    return new String[] {
      "BEGIN", "UPDATE account SET balance = balance - 7", "PREPARE TRANSACTION '%s'".formatted(xid)
    };
  }

  @Override
  String rollBackAsGo(String xid) {
    return "ROLLBACK PREPARED '%s'".formatted(xid);
  }
}
