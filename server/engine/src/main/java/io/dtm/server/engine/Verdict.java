package io.dtm.server.engine;

/** A decision and the rule that led to it. */
record Verdict(Rule rule, Decision decision) {}
