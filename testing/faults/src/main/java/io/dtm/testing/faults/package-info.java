/**
 * Real server processes over real stores, in which servers and databases are killed, stopped and
 * shared under load. A participant apart from all of them remembers what it was asked to do.
 */
@NullMarked
package io.dtm.testing.faults;

import org.jspecify.annotations.NullMarked;
