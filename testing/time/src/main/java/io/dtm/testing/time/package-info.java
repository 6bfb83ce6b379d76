/** Time that a test moves: the clock and the timer of the real engine, without waiting. */
@NullMarked
package io.dtm.testing.time;

import org.jspecify.annotations.NullMarked;
