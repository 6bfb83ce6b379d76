package io.dtm.testing.simulation;

/** This JVM cannot run simulations; the message says what is needed. */
public final class SimulationUnsupported extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SimulationUnsupported(String message) {
    super(message);
  }
}
