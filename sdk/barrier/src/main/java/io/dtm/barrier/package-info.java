/**
 * The barrier: keeps a participant right although it is called twice, late, or to undo what it has
 * never done. {@link io.dtm.barrier.Barrier} marks each call in a table beside the participant's
 * data, in the local transaction in which the participant does its work. Tables and marks are those
 * of the Go client, so services in both languages may share them.
 */
@NullMarked
package io.dtm.barrier;

import org.jspecify.annotations.NullMarked;
