/**
 * Drives global transactions: {@link io.dtm.server.engine.Coordinator} takes commands, a pure
 * machine for each mode decides, {@link io.dtm.server.engine.TransactionRunner} carries out, {@link
 * io.dtm.server.engine.DueScanner} finds what is due. Knows no store, no wire and no clock of its
 * own.
 */
@NullMarked
package io.dtm.server.engine;

import org.jspecify.annotations.NullMarked;
