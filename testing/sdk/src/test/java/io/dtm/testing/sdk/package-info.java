/**
 * Every mode of the client library, over HTTP and over gRPC, against a real server; and the code of
 * pages in {@code docs/java}.
 */
@NullMarked
package io.dtm.testing.sdk;

import org.jspecify.annotations.NullMarked;
