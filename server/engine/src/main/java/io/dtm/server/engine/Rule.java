package io.dtm.server.engine;

/**
 * The reason of a decision. Each mode lists its own; a test of each machine fails while one of them
 * is never taken.
 */
interface Rule {
  String name();
}
