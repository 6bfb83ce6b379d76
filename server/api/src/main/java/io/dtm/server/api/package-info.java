/**
 * The edge that clients talk to: {@link io.dtm.server.api.HttpEdge} serves the REST routes and
 * JSON-RPC. A request goes from {@code EdgeHandler} (limits) through {@code RouteTable} to a method
 * of one of the {@code …Routes}; the {@code …Reader}s and {@code …Mapper}s turn its body into one
 * of the {@code Commands} for the {@link io.dtm.server.engine.Coordinator}. What comes back is an
 * {@code Answer}, which REST and JSON-RPC each put into their own form.
 */
@NullMarked
package io.dtm.server.api;

import org.jspecify.annotations.NullMarked;
