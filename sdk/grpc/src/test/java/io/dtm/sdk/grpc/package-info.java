/** The client over gRPC against servers that are played; the real one is in {@code testing/sdk}. */
@NullMarked
package io.dtm.sdk.grpc;

import org.jspecify.annotations.NullMarked;
