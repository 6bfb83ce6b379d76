package io.dtm.server.core;

/**
 * One step as the client asked for it, before branches are made of it.
 *
 * @param action address of the step forward; empty: nothing to call, counts as done
 * @param compensate address that undoes it; empty: nothing to undo
 * @param payload what both are called with
 */
public record Step(String action, String compensate, Payload payload) {}
