/**
 * Fails the build when a saga has become dearer: ratios and counts, which hardly depend on the
 * machine, are compared with those of a file.
 */
@NullMarked
package io.dtm.benchmarks.gate;

import org.jspecify.annotations.NullMarked;
