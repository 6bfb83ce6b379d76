package io.dtm.server.transfer;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What is different between the databases that a reference writes to: how to reach them, and what
 * their times mean.
 *
 * @param settings for the driver
 * @param times how a column of times is read
 * @param note for people; empty when there is nothing to say
 */
record SqlDialect(String jdbcUrl, Map<String, String> settings, TimeColumn times, String note) {
  private static final String ZONE = "zone";
  private static final String SCHEMA = "schema";

  /** Reads one column of times. */
  @FunctionalInterface
  interface TimeColumn {
    @Nullable Instant read(ResultSet row, String column) throws SQLException;
  }

  /**
   * MySQL, MariaDB and TDSQL. Their times have no zone: they are those of the machine on which the
   * reference ran, which {@code ?zone=} may name.
   */
  static SqlDialect mysql(ReferenceUrl url) {
    var zone = zone(url);
    return new SqlDialect(
        "jdbc:mariadb://%s/%s".formatted(url.hosts().getFirst(), url.database()),
        withParameters(Map.of("connectTimeout", "10000"), url, ZONE),
        (row, column) -> {
          var time = row.getObject(column, LocalDateTime.class);
          return time == null ? null : time.atZone(zone).toInstant();
        },
        "times read as those of zone " + zone);
  }

  /** PostgreSQL; {@code ?schema=} names the schema of the tables. */
  static SqlDialect postgres(ReferenceUrl url) {
    var schema = url.parameters().getOrDefault(SCHEMA, "public");
    return new SqlDialect(
        "jdbc:postgresql://%s/%s".formatted(url.hosts().getFirst(), url.database()),
        withParameters(Map.of("connectTimeout", "10", "currentSchema", schema), url, SCHEMA),
        (row, column) -> {
          var time = row.getObject(column, OffsetDateTime.class);
          return time == null ? null : time.toInstant();
        },
        "");
  }

  private static ZoneId zone(ReferenceUrl url) {
    var name = url.parameters().get(ZONE);
    try {
      return name == null ? ZoneId.systemDefault() : ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "zone: %s (expected: such as Europe/Berlin or +08:00)".formatted(name), e);
    }
  }

  /** Parameters that are not ours are the driver's. */
  private static Map<String, String> withParameters(
      Map<String, String> settings, ReferenceUrl url, String own) {
    var all = new HashMap<>(settings);
    url.parameters()
        .forEach((name, value) -> {
          if (!name.equals(own)) {
            all.put(name, value);
          }
        });
    return all;
  }

  Connection connect(String user, String password) throws SQLException {
    var properties = new Properties();
    properties.putAll(settings);
    if (!user.isEmpty()) {
      properties.put("user", user);
    }
    if (!password.isEmpty()) {
      properties.put("password", password);
    }
    return DriverManager.getConnection(jdbcUrl, properties);
  }
}
