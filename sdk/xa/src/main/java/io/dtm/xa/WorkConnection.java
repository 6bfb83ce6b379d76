package io.dtm.xa;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The connection as the participant's work sees it: the end of the transaction is not its own. */
final class WorkConnection implements InvocationHandler {
  private static final Set<String> ENDS = Set.of("commit", "rollback", "setAutoCommit", "abort");

  private final Connection connection;

  private WorkConnection(Connection connection) {
    this.connection = connection;
  }

  static Connection of(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            WorkConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new WorkConnection(connection));
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    var name = method.getName();
    var isToSavepoint = name.equals("rollback") && method.getParameterCount() > 0;
    if (ENDS.contains(name) && !isToSavepoint) {
      throw new IllegalStateException(
          name + " inside of an XA branch (expected: the transaction manager ends it)");
    }
    if (name.equals("close")) {
      return null;
    }
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
