/**
 * The edge that clients talk to: {@link io.dtm.server.api.HttpEdge} serves the REST routes. A
 * request goes from {@code EdgeHandler} (limits, errors) through {@code RouteTable} to a method of
 * one of the {@code …Routes}; {@code SubmitReader} and {@code SubmitMapper} turn its body into a
 * command for the {@link io.dtm.server.engine.Coordinator}, and {@code TransactionMapper} turns
 * what comes back into JSON.
 */
@NullMarked
package io.dtm.server.api;

import org.jspecify.annotations.NullMarked;
