package io.dtm.server.core;

/**
 * Hears what happens in the engine, on the engine's threads: must be quick, must not block, must
 * not throw.
 */
@FunctionalInterface
public interface EngineListener {
  void on(EngineEvent event);
}
