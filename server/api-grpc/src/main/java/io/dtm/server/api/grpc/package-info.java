/**
 * The edge that clients talk to over gRPC: {@link io.dtm.server.api.grpc.GrpcEdge} serves {@code
 * dtmgimp.Dtm}, health and reflection. A call goes through {@code ReceiveTimeLimit} and {@code
 * Answers} (limits, errors) to a method of {@code TransactionService}; {@code RequestMapper} and
 * {@code BranchMapper} turn its message into a command for the {@link
 * io.dtm.server.engine.Coordinator}, and {@code OutcomeStatuses} turns what comes back into a
 * status.
 */
@NullMarked
package io.dtm.server.api.grpc;

import org.jspecify.annotations.NullMarked;
