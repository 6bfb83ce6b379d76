/**
 * The load driver behind {@code dtm bench}: whole flows of all modes over HTTP and gRPC against one
 * server or two, a participant that counts the calls it gets, and what all that cost. What a figure
 * means is told in {@code docs/benchmarks}.
 */
@NullMarked
package io.dtm.benchmarks.load;

import org.jspecify.annotations.NullMarked;
