/**
 * Durable functions: a {@link io.dtm.workflow.Workflow} is an ordinary function whose steps are
 * recorded at a transaction manager. Should its process die, the manager has it run again, here or
 * on another node, and what was recorded is not done again ({@link io.dtm.workflow.Workflows}).
 */
@NullMarked
package io.dtm.workflow;

import org.jspecify.annotations.NullMarked;
