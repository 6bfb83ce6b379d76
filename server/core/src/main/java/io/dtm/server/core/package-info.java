/**
 * The domain of the transaction manager and the ports of its engine: what a global transaction is,
 * which moves it may make, and what the engine asks of a store, of a participant and of time. No
 * I/O, no third-party type.
 */
@NullMarked
package io.dtm.server.core;

import org.jspecify.annotations.NullMarked;
