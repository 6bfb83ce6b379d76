/** The real server in a test's JVM, on a free port, with time that the test moves. */
@NullMarked
package io.dtm.testing.embedded;

import org.jspecify.annotations.NullMarked;
