package io.dtm.benchmarks.gate;

import java.util.Locale;

/** What the gate measures. Each figure has a line of its own in the file. */
enum Figure {
  EMBEDDED_SHARE_OF_MEMORY_RATE(Better.HIGHER, "sagas/s of the embedded store ÷ of that in memory"),
  MEMORY_ALLOCATED_BYTES(Better.LOWER, "bytes allocated for a saga, store in memory"),
  EMBEDDED_ALLOCATED_BYTES(Better.LOWER, "bytes allocated for a saga, embedded store"),
  BRANCH_CALLS(Better.LOWER, "requests to the participant for a saga of two branches"),
  MYSQL_STATEMENTS_ALONE(Better.LOWER, "statements on rows for a saga that runs alone, MariaDB"),
  MYSQL_COMMITS_ALONE(Better.LOWER, "durable commits for a saga that runs alone, MariaDB"),
  MYSQL_COMMITS_TOGETHER(Better.LOWER, "durable commits for one of many sagas, MariaDB"),
  MYSQL_BYTES_TOGETHER(Better.LOWER, "bytes to and from the database for one of many, MariaDB"),
  POSTGRES_STATEMENTS_ALONE(
      Better.LOWER, "statements on rows for a saga that runs alone, PostgreSQL"),
  POSTGRES_COMMITS_ALONE(Better.LOWER, "durable commits for a saga that runs alone, PostgreSQL"),
  POSTGRES_COMMITS_TOGETHER(Better.LOWER, "durable commits for one of many sagas, PostgreSQL"),
  REDIS_COMMANDS_ALONE(Better.LOWER, "scripts run for a saga that runs alone, Redis");

  /** In which direction a figure gets better. */
  enum Better {
    LOWER,
    HIGHER
  }

  private final Better better;
  private final String description;

  Figure(Better better, String description) {
    this.better = better;
    this.description = description;
  }

  Better better() {
    return better;
  }

  String description() {
    return description;
  }

  /** Its name in the file, such as {@code branch-calls}. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
