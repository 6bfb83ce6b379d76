/**
 * Real database servers for tests: each runs from the machine's own packages, on a free port of the
 * loopback and in a throw-away folder, and ends with its owner or with the JVM. As root and as any
 * other user. A server that is not installed fails the test that wants it; {@code
 * testing/databases/install} installs them all.
 */
@NullMarked
package io.dtm.testing.databases;

import org.jspecify.annotations.NullMarked;
