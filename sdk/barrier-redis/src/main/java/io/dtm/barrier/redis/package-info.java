/**
 * The barrier for participants that keep their data in Redis: one script looks at the marks of a
 * call, does its work and sets the marks, in one step. Keys and marks are those of the Go client.
 */
@NullMarked
package io.dtm.barrier.redis;

import org.jspecify.annotations.NullMarked;
