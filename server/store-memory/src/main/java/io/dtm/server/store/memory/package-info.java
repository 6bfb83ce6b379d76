/**
 * A store that keeps everything in memory and forgets it when it is closed: the reference that
 * other stores are compared with, for tests, trials and measurements.
 */
@NullMarked
package io.dtm.server.store.memory;

import org.jspecify.annotations.NullMarked;
