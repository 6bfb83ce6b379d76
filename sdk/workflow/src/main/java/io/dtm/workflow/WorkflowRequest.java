package io.dtm.workflow;

import io.dtm.client.Payload;
import io.dtm.protocol.OptionsJson;

/**
 * A workflow as it is given to a manager.
 *
 * @param resumeAddress where the manager has it resumed
 */
record WorkflowRequest(
    String gid, String name, Payload input, String resumeAddress, OptionsJson options) {}
