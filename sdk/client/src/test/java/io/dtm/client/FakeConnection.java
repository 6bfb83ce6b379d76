package io.dtm.client;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection that notes how its transaction begins and ends, and the record in its database. */
final class FakeConnection implements CommitRecord {
  private final List<String> log = new ArrayList<>();
  private boolean autoCommit = true;
  private boolean commitFails;
  private boolean isBroken;
  private boolean hasRecord;

  Connection connection() {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, this::invoke);
  }

  private @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws SQLException {
    switch (method.getName()) {
      case "getAutoCommit":
        return autoCommit;
      case "setAutoCommit":
        requireWhole();
        autoCommit = arguments != null && (Boolean) arguments[0];
        log("autoCommit " + autoCommit);
        return null;
      case "getMetaData":
        return Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {DatabaseMetaData.class},
            (metaData, asked, none) -> "Fake");
      case "commit":
        requireWhole();
        if (commitFails) {
          throw new SQLException("connection lost");
        }
        log("commit");
        return null;
      case "rollback":
        requireWhole();
        log("rollback");
        return null;
      default:
        throw new UnsupportedOperationException(method.getName());
    }
  }

  private void requireWhole() throws SQLException {
    if (isBroken) {
      throw new SQLException("connection closed");
    }
  }

  @Override
  public boolean write(Connection connection, String gid) {
    log("record " + gid);
    return !hasRecord;
  }

  void autoCommit(boolean on) {
    autoCommit = on;
  }

  void failCommit() {
    commitFails = true;
  }

  /** From now on nothing of it works. */
  void breakDown() {
    isBroken = true;
  }

  void hasRecord() {
    hasRecord = true;
  }

  void log(String line) {
    log.add(line);
  }

  List<String> log() {
    return log;
  }
}
