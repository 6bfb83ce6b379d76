/** A store that a test takes away and gives back. */
@NullMarked
package io.dtm.testing.outage;

import org.jspecify.annotations.NullMarked;
