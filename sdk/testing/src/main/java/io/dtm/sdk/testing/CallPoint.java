package io.dtm.sdk.testing;

/**
 * A call by its place in a run, which is the same in every run although the gids differ.
 *
 * @param transaction 1 for the transaction of the run's first call, 2 for the next one, …
 * @param attempt 1 for the first call of this operation of this branch
 */
record CallPoint(int transaction, String branchId, String operation, int attempt) {}
