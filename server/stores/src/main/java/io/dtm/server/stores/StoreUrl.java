package io.dtm.server.stores;

import io.dtm.server.store.jdbc.JdbcStoreConfig;
import io.dtm.server.store.mongo.MongoStoreConfig;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A store told by one text:
 *
 * <pre>
 * memory:
 * rocksdb:/var/lib/dtm
 * mysql://user:password@host:3306/database?sslMode=verify-full     (mariadb:// is the same)
 * postgres://user:password@host:5432/database?schema=dtm&amp;sslmode=verify-full
 * sqlserver://user:password@host:1433/database
 * redis://user:password@host:6379/0                                (rediss:// with TLS)
 * redis://host1:6379,host2:6379,host3:6379                         (a cluster)
 * redis-sentinel://host1:26379,host2:26379/0#master
 * mongodb://user:password@host1,host2,host3/database?replicaSet=rs
 * jdbc:…
 * </pre>
 *
 * <p>Other parameters are those of the driver. User and password are percent-encoded where they
 * hold {@code : / ? # [ ] @}.
 */
public final class StoreUrl {
  private final String scheme;
  private final String user;
  private final String password;
  private final String hosts;
  private final String path;
  private final Map<String, String> parameters;

  private StoreUrl(String url) {
    int schemeEnd = url.indexOf("://");
    scheme = url.substring(0, schemeEnd);
    var rest = url.substring(schemeEnd + "://".length());
    int queryStart = rest.indexOf('?');
    parameters = parameters(queryStart < 0 ? "" : rest.substring(queryStart + 1));
    var place = queryStart < 0 ? rest : rest.substring(0, queryStart);
    int pathStart = place.indexOf('/');
    path = pathStart < 0 ? "" : place.substring(pathStart + 1);
    var authority = pathStart < 0 ? place : place.substring(0, pathStart);
    int userEnd = authority.lastIndexOf('@');
    hosts = authority.substring(userEnd + 1);
    var credentials = userEnd < 0 ? "" : authority.substring(0, userEnd);
    int passwordStart = credentials.indexOf(':');
    user = decode(passwordStart < 0 ? credentials : credentials.substring(0, passwordStart));
    password = passwordStart < 0 ? "" : decode(credentials.substring(passwordStart + 1));
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException when it is none of a store; the message repeats only its
   *     scheme
   */
  public static StoreConfig parse(String url) {
    if (url.equals("memory:") || url.equals("memory")) {
      return new StoreConfig.Memory();
    }
    if (url.startsWith("rocksdb:")) {
      return new StoreConfig.RocksDb(folder(url.substring("rocksdb:".length())));
    }
    if (url.startsWith("jdbc:")) {
      return new StoreConfig.Sql(JdbcStoreConfig.defaults(url, "", ""));
    }
    if (url.startsWith("redis-sentinel://")) {
      return RedisUrl.parse(url);
    }
    if (!url.contains("://")) {
      throw unknown(url.substring(0, Math.max(0, url.indexOf(':'))));
    }
    return new StoreUrl(url).config(url);
  }

  private static Path folder(String path) {
    var plain = path.startsWith("//") ? path.substring(2) : path;
    if (plain.isEmpty()) {
      throw new IllegalArgumentException("rocksdb: no folder (expected: rocksdb:/path)");
    }
    return Path.of(plain);
  }

  private StoreConfig config(String url) {
    return switch (scheme) {
      case "mysql", "mariadb" -> sql("jdbc:mariadb://" + hosts + "/" + path, "?", "&", "");
      case "postgres", "postgresql" -> {
        var schema = parameters.getOrDefault("schema", "");
        parameters.remove("schema");
        yield sql("jdbc:postgresql://" + hosts + "/" + path, "?", "&", schema);
      }
      case "sqlserver" -> sql("jdbc:sqlserver://" + hosts + ";databaseName=" + path, ";", ";", "");
      case "redis", "rediss" -> RedisUrl.parse(url);
      case "mongodb", "mongodb+srv" -> mongo(url);
      default -> throw unknown(scheme);
    };
  }

  private StoreConfig sql(String jdbcUrl, String first, String next, String schema) {
    if (hosts.isEmpty() || path.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: no host or no database (expected: %s://user:password@host:port/database)"
              .formatted(scheme, scheme));
    }
    var all =
        parameters.entrySet().stream()
            .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
            .collect(Collectors.joining(next));
    var full = all.isEmpty() ? jdbcUrl : jdbcUrl + first + all;
    var config = JdbcStoreConfig.defaults(full, user, password).withSchema(schema);
    return new StoreConfig.Sql(config);
  }

  private StoreConfig mongo(String url) {
    var config = MongoStoreConfig.defaults(url);
    return new StoreConfig.Mongo(path.isEmpty() ? config : config.withDatabase(path));
  }

  private static Map<String, String> parameters(String query) {
    var parameters = new LinkedHashMap<String, String>();
    for (var part : query.split("&", -1)) {
      if (!part.isEmpty()) {
        int end = part.indexOf('=');
        parameters.put(
            end < 0 ? part : part.substring(0, end), end < 0 ? "" : part.substring(end + 1));
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException unknown(String scheme) {
    return new IllegalArgumentException(
        "store URL: scheme '%s' (expected: memory, rocksdb, mysql, mariadb, postgres, sqlserver,"
                .formatted(scheme)
            + " redis, rediss, redis-sentinel, mongodb or jdbc)");
  }
}
