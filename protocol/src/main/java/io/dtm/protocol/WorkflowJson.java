package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The answer to {@link Paths#PREPARE_WORKFLOW}.
 *
 * @param progresses what the workflow has recorded so far
 */
public record WorkflowJson(
    @JsonProperty(Keys.PROGRESSES) List<BranchJson> progresses,
    @JsonProperty(Keys.TRANSACTION) TransactionJson transaction) {}
