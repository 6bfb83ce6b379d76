package io.dtm.server.engine;

/**
 * What came of a {@link ResumeRequest}. One request looks at a bounded number of parked
 * transactions; the next one goes on at the position.
 *
 * @param count how many were resumed, or would be
 * @param hasRemaining whether there are some that were not looked at
 * @param nextPosition where to go on
 */
public record ResumeOutcome(int count, boolean hasRemaining, String nextPosition) {}
