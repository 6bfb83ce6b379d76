package io.dtm.server.transfer;

/** Opens the store of a reference, of whichever kind. */
public final class ReferenceStores {
  private ReferenceStores() {}

  /**
   * Connects.
   *
   * @throws ReferenceUnreadable when it cannot be reached or is none
   * @throws IllegalArgumentException when a parameter of the URL cannot be used
   */
  public static ReferenceStore open(ReferenceUrl url) {
    return switch (url.kind()) {
      case MYSQL -> ReferenceSqlStore.open(url, SqlDialect.mysql(url));
      case POSTGRES -> ReferenceSqlStore.open(url, SqlDialect.postgres(url));
      case REDIS, REDIS_TLS -> ReferenceRedisStore.open(url);
    };
  }
}
