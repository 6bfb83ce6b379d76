package io.dtm.server.store.kit;

import java.time.InstantSource;

/** The clock that a store compares times with. Thread-safe; asking the time never blocks. */
@FunctionalInterface
public interface StoreClock extends InstantSource {

  /** Sets it right if that was not done lately. May ask a server, and fail like every such call. */
  default void refresh() {}

  /** A clock that is right by itself. */
  static StoreClock of(InstantSource source) {
    return source::instant;
  }
}
