package io.dtm.testing.simulation;

/** Prints the check sum of a run, for a test that compares JVMs. */
final class TraceOfSeed {
  private TraceOfSeed() {}

  public static void main(String[] arguments) {
    System.out.println(Simulation.replay(Long.parseLong(arguments[0]), Defect.NONE).trace());
  }
}
