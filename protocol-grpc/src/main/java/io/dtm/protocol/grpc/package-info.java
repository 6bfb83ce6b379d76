/**
 * The gRPC services of the wire, generated from the {@code .proto} files of this module: {@code
 * dtmgimp.Dtm}, which the server offers, {@code workflow.Workflow}, which it calls, and the
 * metadata that goes with a call of a branch. Messages and their members are never null.
 */
@NullMarked
package io.dtm.protocol.grpc;

import org.jspecify.annotations.NullMarked;
