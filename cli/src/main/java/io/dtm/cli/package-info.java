/**
 * The command line: {@link io.dtm.cli.Main} and a class for each command. Ends with 0 for success,
 * 1 for failure, 2 for a command that was not understood.
 */
@NullMarked
package io.dtm.cli;

import org.jspecify.annotations.NullMarked;
