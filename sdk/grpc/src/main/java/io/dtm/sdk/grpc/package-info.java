/**
 * The client library over gRPC. {@link io.dtm.sdk.grpc.GrpcTransactions} gives a {@link
 * io.dtm.client.TransactionClient} that asks managers and calls participants over gRPC. {@link
 * io.dtm.sdk.grpc.ParticipantInterceptor} is for services that take part, {@link
 * io.dtm.sdk.grpc.BranchInterceptor} for those who call them with generated stubs.
 */
@NullMarked
package io.dtm.sdk.grpc;

import org.jspecify.annotations.NullMarked;
