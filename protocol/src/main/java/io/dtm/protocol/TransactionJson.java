package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/**
 * A global transaction as the server shows it. It has as many members as the wire, in the order of
 * the wire, and a few of ours; null members are absent. Times are RFC 3339 texts.
 *
 * @param id a database's row number; 0 where there is none
 * @param finishTime when it succeeded
 * @param rollbackTime when it failed
 * @param options the options as one JSON text
 * @param nextCronInterval seconds between two passes
 * @param nextCronTime when it is looked at next
 * @param owner the node at work on it
 * @param parkedReason ours: why it is no longer tried; null when it is
 * @param parkedSince ours: since when
 * @param optionMembers the options once more, as members beside the others
 */
@JsonInclude(Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record TransactionJson(
    @JsonProperty(Keys.ID) @JsonInclude(Include.ALWAYS) long id,
    @JsonProperty(Keys.CREATE_TIME) @JsonInclude(Include.ALWAYS) String createTime,
    @JsonProperty(Keys.UPDATE_TIME) @JsonInclude(Include.ALWAYS) String updateTime,
    @JsonProperty(Keys.GID) String gid,
    @JsonProperty(Keys.TRANS_TYPE) String transType,
    @JsonProperty(Keys.STATUS) String status,
    @JsonProperty(Keys.QUERY_PREPARED) @Nullable String queryPrepared,
    @JsonProperty(Keys.PROTOCOL) @Nullable String protocol,
    @JsonProperty(Keys.FINISH_TIME) @Nullable String finishTime,
    @JsonProperty(Keys.ROLLBACK_TIME) @Nullable String rollbackTime,
    @JsonProperty(Keys.RESULT) @Nullable String result,
    @JsonProperty(Keys.ROLLBACK_REASON) @Nullable String rollbackReason,
    @JsonProperty(Keys.OPTIONS) @Nullable String options,
    @JsonProperty(Keys.CUSTOM_DATA) @Nullable String customData,
    @JsonProperty(Keys.NEXT_CRON_INTERVAL) @JsonInclude(Include.NON_DEFAULT) long nextCronInterval,
    @JsonProperty(Keys.NEXT_CRON_TIME) @Nullable String nextCronTime,
    @JsonProperty(Keys.OWNER) @Nullable String owner,
    @JsonProperty(Keys.PARKED_REASON) @Nullable String parkedReason,
    @JsonProperty(Keys.PARKED_SINCE) @Nullable String parkedSince,
    @JsonUnwrapped OptionsJson optionMembers) {}
