/**
 * The real engine in a simulated world: one to five nodes, their store, participants and clients,
 * all in one thread, from one seed. {@link io.dtm.testing.simulation.Simulation} runs one seed,
 * {@link io.dtm.testing.simulation.Campaign} many.
 */
@NullMarked
package io.dtm.testing.simulation;

import org.jspecify.annotations.NullMarked;
