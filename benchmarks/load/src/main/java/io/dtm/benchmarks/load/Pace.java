package io.dtm.benchmarks.load;

/** When a user begins its next flow. */
sealed interface Pace {

  /** As soon as its last one has ended: a server that is slow gets less to do. */
  record Closed() implements Pace {
    @Override
    public String toString() {
      return "closed loop";
    }
  }

  /** At fixed times, whatever the server does, as the users of the real world. */
  record Open(double flowsPerSecond) implements Pace {
    /** Far above what one machine can send. */
    static final double RATE_MAX = 1_000_000;

    public Open {
      if (!(flowsPerSecond > 0 && flowsPerSecond <= RATE_MAX)) {
        throw new IllegalArgumentException(
            "rate: %s (expected: above 0, at most %.0f)".formatted(flowsPerSecond, RATE_MAX));
      }
    }

    @Override
    public String toString() {
      return "open loop of %,.0f flows/s".formatted(flowsPerSecond);
    }
  }
}
