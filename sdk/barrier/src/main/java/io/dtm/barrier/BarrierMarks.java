package io.dtm.barrier;

import java.util.Optional;

/**
 * What one guarded call has to mark, in this order: what it undoes, if it undoes anything, and
 * itself. For barriers over other kinds of storage; {@link Barrier} carries it out over JDBC.
 *
 * @param undone empty for a call that undoes nothing. When it could be set, what it names was never
 *     done, and the call is a {@linkplain BarrierOutcome#NULL_COMPENSATION null compensation}
 * @param own when it could not be set, the call was carried out before or comes too late
 */
public record BarrierMarks(Optional<BarrierMark> undone, BarrierMark own) {}
