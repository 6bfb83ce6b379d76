package io.dtm.client;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection that notes how its transaction begins and ends, and the record in its database. */
final class FakeConnection implements CommitRecord {
  private final List<String> log = new ArrayList<>();
  private boolean autoCommit = true;
  private boolean commitFails;
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
        autoCommit = arguments != null && (Boolean) arguments[0];
        log("autoCommit " + autoCommit);
        return null;
      case "commit":
        if (commitFails) {
          throw new SQLException("connection lost");
        }
        log("commit");
        return null;
      case "rollback":
        log("rollback");
        return null;
      default:
        throw new UnsupportedOperationException(method.getName());
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
