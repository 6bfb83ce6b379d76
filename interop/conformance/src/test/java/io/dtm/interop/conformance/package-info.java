/**
 * What DTM's own tests pin, asked of a running server over its sockets: as a client on one side and
 * as a participant on the other.
 */
@NullMarked
package io.dtm.interop.conformance;

import org.jspecify.annotations.NullMarked;
