package io.dtm.testing.databases;

import java.util.Arrays;

/** The stores on which a server of ours is tested as a whole. */
public enum StoreKind {
  ROCKSDB("rocksdb"),
  MYSQL("mysql"),
  POSTGRES("postgres"),
  REDIS("redis"),
  REDIS_CLUSTER("redis-cluster");

  private final String word;

  StoreKind(String word) {
    this.word = word;
  }

  /** The store that a word of a command line means. */
  public static StoreKind of(String word) {
    return Arrays.stream(values())
        .filter(kind -> kind.word.equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "store %s (expected: one of %s)".formatted(word, Arrays.toString(values()))));
  }

  @Override
  public String toString() {
    return word;
  }
}
