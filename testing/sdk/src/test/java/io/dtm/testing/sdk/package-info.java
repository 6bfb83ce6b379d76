/**
 * Every mode of the client library, over HTTP and over gRPC, against a real server; and the code of
 * the pages in {@code docs/java}, which are taken from here.
 */
@NullMarked
package io.dtm.testing.sdk;

import org.jspecify.annotations.NullMarked;
