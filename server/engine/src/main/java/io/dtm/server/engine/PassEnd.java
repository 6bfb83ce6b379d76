package io.dtm.server.engine;

import io.dtm.server.core.BranchResult;
import io.dtm.server.core.GlobalTransaction;
import org.jspecify.annotations.Nullable;

/**
 * How a pass left its transaction.
 *
 * @param unsettled the first result that left a branch open; null when there was none
 * @param handedOver whether it left what is to be called to other nodes
 */
record PassEnd(
    GlobalTransaction transaction, @Nullable BranchResult unsettled, boolean handedOver) {}
