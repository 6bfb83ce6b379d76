/**
 * The words and JSON shapes of the wire, shared by the server and the client libraries. The words
 * are those of the DTM protocol, spelled as its published clients expect them, historic
 * misspellings included. No logic, no I/O.
 */
@NullMarked
package io.dtm.protocol;

import org.jspecify.annotations.NullMarked;
