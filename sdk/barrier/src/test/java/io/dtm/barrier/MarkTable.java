package io.dtm.barrier;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table of marks of a database that we do not have, behind JDBC; counts its statements. */
final class MarkTable {
  /** How it says that a mark is there. */
  enum Refusal {
    ORACLE(SqlDialect.ORACLE) {
      @Override
      int refuse() throws SQLException {
        throw new SQLIntegrityConstraintViolationException("ORA-00001", "23000", 1);
      }
    },
    SQL_SERVER(SqlDialect.SQL_SERVER) {
      @Override
      int refuse() throws SQLException {
        throw new SQLException("duplicate key", "23000", 2627);
      }
    },
    SQL_SERVER_THAT_LEAVES_OUT(SqlDialect.SQL_SERVER) {
      @Override
      int refuse() {
        return 0;
      }
    };

    private final SqlDialect dialect;

    Refusal(SqlDialect dialect) {
      this.dialect = dialect;
    }

    abstract int refuse() throws SQLException;
  }

  private final Refusal refusal;
  private final Map<List<Object>, String> reasons = new HashMap<>();
  private int statements;

  MarkTable(Refusal refusal) {
    this.refusal = refusal;
  }

  SqlDialect dialect() {
    return refusal.dialect;
  }

  int statements() {
    return statements;
  }

  Connection connection() {
    return proxy(
        Connection.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "getAutoCommit" -> false;
              case "prepareStatement" -> statement();
              default -> throw new UnsupportedOperationException(method.getName());
            });
  }

  private PreparedStatement statement() {
    var parameters = new TreeMap<Object, Object>();
    return proxy(
        PreparedStatement.class,
        (proxy, method, arguments) -> {
          switch (method.getName()) {
            case "setString":
              parameters.put(arguments[0], arguments[1]);
              return null;
            case "executeUpdate":
              return insert(List.copyOf(parameters.values()));
            case "executeQuery":
              return select(List.copyOf(parameters.values()));
            case "close":
              return null;
            default:
              throw new UnsupportedOperationException(method.getName());
          }
        });
  }

  /** Type, gid, branch, operation, barrier, reason. */
  private int insert(List<Object> row) throws SQLException {
    statements++;
    var isNew = reasons.putIfAbsent(row.subList(1, 5), (String) row.get(5)) == null;
    return isNew ? 1 : refusal.refuse();
  }

  private ResultSet select(List<Object> place) {
    statements++;
    var found = reasons.get(place);
    Iterator<String> rows = (found == null ? List.<String>of() : List.of(found)).iterator();
    return proxy(
        ResultSet.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "next" -> rows.hasNext();
              case "getString" -> rows.next();
              case "close" -> null;
              default -> throw new UnsupportedOperationException(method.getName());
            });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
