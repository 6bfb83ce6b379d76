/**
 * Calls participants over gRPC: {@link io.dtm.server.branch.grpc.GrpcBranchCaller} sends a branch's
 * payload as the request message, byte for byte, and reads the result in the answer's status.
 * {@code Channels} keeps a connection to each participant.
 */
@NullMarked
package io.dtm.server.branch.grpc;

import org.jspecify.annotations.NullMarked;
