package io.dtm.server.branch.grpc;

import java.time.Duration;

/**
 * The limits of {@link GrpcBranchCaller}.
 *
 * @param channelsMax most targets that channels are kept for; beyond it the one that was not used
 *     for the longest time makes room
 * @param idleTimeout how long a connection stays open without a call
 * @param keepAliveTime how long a participant may be silent before the connection is tested; not
 *     shorter than its patience with such tests, unless it has answered in between
 * @param keepAliveTimeout how long that test may take before the connection counts as dead
 * @param answerBytesMax the longest message that a participant may answer with; it is not read
 */
public record GrpcBranchCallerConfig(
    int channelsMax,
    Duration idleTimeout,
    Duration keepAliveTime,
    Duration keepAliveTimeout,
    int answerBytesMax) {
  public static final int CHANNELS_MAX_DEFAULT = 1_024;
  public static final Duration IDLE_TIMEOUT_DEFAULT = Duration.ofMinutes(5);
  public static final Duration KEEP_ALIVE_TIME_DEFAULT = Duration.ofSeconds(30);
  public static final Duration KEEP_ALIVE_TIMEOUT_DEFAULT = Duration.ofSeconds(10);
  public static final int ANSWER_BYTES_MAX_DEFAULT = 4 * 1024 * 1024;

  private static final GrpcBranchCallerConfig DEFAULTS =
      new GrpcBranchCallerConfig(
          CHANNELS_MAX_DEFAULT,
          IDLE_TIMEOUT_DEFAULT,
          KEEP_ALIVE_TIME_DEFAULT,
          KEEP_ALIVE_TIMEOUT_DEFAULT,
          ANSWER_BYTES_MAX_DEFAULT);

  public GrpcBranchCallerConfig {
    requirePositive("channelsMax", channelsMax);
    requirePositive("idleTimeout", idleTimeout);
    requirePositive("keepAliveTime", keepAliveTime);
    requirePositive("keepAliveTimeout", keepAliveTimeout);
    requirePositive("answerBytesMax", answerBytesMax);
  }

  /** Everything at its default. */
  public static GrpcBranchCallerConfig defaults() {
    return DEFAULTS;
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s: %d (expected: >= 1)".formatted(name, value));
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException("%s: %s (expected: more than 0)".formatted(name, value));
    }
  }
}
