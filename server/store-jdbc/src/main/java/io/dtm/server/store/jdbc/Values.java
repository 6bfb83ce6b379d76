package io.dtm.server.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Gives a statement its values, one after the other. */
final class Values {
  private final PreparedStatement statement;
  private int count;

  Values(PreparedStatement statement) {
    this.statement = statement;
  }

  Values add(String value) throws SQLException {
    statement.setString(++count, value);
    return this;
  }

  Values add(long value) throws SQLException {
    statement.setLong(++count, value);
    return this;
  }

  ResultSet executeQuery() throws SQLException {
    return statement.executeQuery();
  }

  Values add(byte[] value) throws SQLException {
    statement.setBytes(++count, value);
    return this;
  }
}
