package io.dtm.cache;

/**
 * What came of the wish to lock a key for an update.
 *
 * @param isGranted whether the lock is the caller's now
 * @param owner who has it: the caller, or else the other one
 */
public record LockResult(boolean isGranted, String owner) {}
