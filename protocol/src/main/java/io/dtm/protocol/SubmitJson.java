package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;

/**
 * The body of every command on a transaction (prepare, submit, abort, …). An empty member is the
 * same as an absent one.
 *
 * @param payloads one for each step, in the same order
 * @param queryPrepared where to ask whether a message's sender committed, or to resume a workflow
 * @param customData what is particular to the mode, as a JSON text, e.g. {@link SagaDataJson}
 * @param requestExtra status, reason and result of a workflow
 */
@JsonInclude(Include.NON_EMPTY)
public record SubmitJson(
    @JsonProperty(Keys.GID) String gid,
    @JsonProperty(Keys.TRANS_TYPE) String transType,
    @JsonProperty(Keys.STEPS) List<StepJson> steps,
    @JsonProperty(Keys.PAYLOADS) List<String> payloads,
    @JsonProperty(Keys.QUERY_PREPARED) String queryPrepared,
    @JsonProperty(Keys.PROTOCOL) String protocol,
    @JsonProperty(Keys.CUSTOM_DATA) String customData,
    @JsonProperty(Keys.ROLLBACK_REASON) String rollbackReason,
    @JsonProperty(Keys.REQ_EXTRA) Map<String, String> requestExtra,
    @JsonUnwrapped OptionsJson options) {}
