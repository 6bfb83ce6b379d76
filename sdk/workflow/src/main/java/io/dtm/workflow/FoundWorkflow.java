package io.dtm.workflow;

import io.dtm.client.Payload;
import java.util.Optional;

/**
 * A workflow as the manager knows it.
 *
 * @param end what came of it; empty while it is under way
 * @param history what was recorded so far
 */
record FoundWorkflow(Optional<WorkflowResult<Payload>> end, History history) {}
