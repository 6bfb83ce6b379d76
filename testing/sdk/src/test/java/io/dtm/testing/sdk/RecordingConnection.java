package io.dtm.testing.sdk;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A connection without a database, which notes its statements and its commit. */
final class RecordingConnection {
  private final List<String> log = new CopyOnWriteArrayList<>();

  Connection connection() {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, this::invoke);
  }

  List<String> log() {
    return log;
  }

  private @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
    switch (method.getName()) {
      case "getAutoCommit":
        return false;
      case "nativeSQL":
        log.add(arguments == null ? "" : String.valueOf(arguments[0]));
        return "";
      case "getMetaData":
        return Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {DatabaseMetaData.class},
            (metaData, asked, none) -> "Fake");
      case "commit", "rollback":
        log.add(method.getName());
        return null;
      default:
        throw new UnsupportedOperationException(method.getName());
    }
  }
}
