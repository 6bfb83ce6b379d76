package io.dtm.benchmarks.load;

import java.util.Comparator;
import java.util.List;

/**
 * Names what a server could not have gone faster without, by a rule that {@code docs/benchmarks}
 * tells:
 *
 * <ol>
 *   <li>An open loop whose rate was kept has none.
 *   <li>Processors that were in use for {@value #PROCESSOR_MARK} of the time or more; whose use of
 *       them was the largest is told too.
 *   <li>Otherwise the largest share among disk, participant and network, from {@value #OTHER_MARK}
 *       on.
 *   <li>Otherwise nothing is used up: more connections would carry more.
 * </ol>
 */
final class Bottleneck {
  static final double PROCESSOR_MARK = 0.85;
  static final double OTHER_MARK = 0.4;

  private Bottleneck() {}

  private record Candidate(String name, double share) {}

  /**
   * One line for people.
   *
   * @param rateKept whether this was an open loop, and the server kept up with it
   */
  static String of(Shares shares, boolean rateKept) {
    if (rateKept) {
      return "none: the rate was kept";
    }
    if (shares.processor() >= PROCESSOR_MARK) {
      return "processor, most of it used by the " + largestUser(shares);
    }
    var largest =
        largest(
            List.of(
                new Candidate("disk sync", shares.disk()),
                new Candidate("participant", shares.participant()),
                new Candidate("network", shares.network())));
    return largest.share() >= OTHER_MARK
        ? largest.name()
        : "none is used up: more connections would carry more";
  }

  private static String largestUser(Shares shares) {
    return largest(
            List.of(
                new Candidate("server", shares.server()),
                new Candidate("database", shares.database()),
                new Candidate("load and participant", shares.load()),
                new Candidate("rest of the machine", shares.others())))
        .name();
  }

  private static Candidate largest(List<Candidate> candidates) {
    return candidates.stream()
        .max(Comparator.comparingDouble(one -> Shares.zeroIfUnknown(one.share())))
        .orElseThrow();
  }
}
