package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One operation of one branch as the server shows it.
 *
 * @param id a database's row number; 0 where there is none
 * @param binData the payload in base64
 */
@JsonInclude(Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BranchJson(
    @JsonProperty(Keys.ID) @JsonInclude(Include.ALWAYS) long id,
    @JsonProperty(Keys.CREATE_TIME) @JsonInclude(Include.ALWAYS) String createTime,
    @JsonProperty(Keys.UPDATE_TIME) @JsonInclude(Include.ALWAYS) String updateTime,
    @JsonProperty(Keys.GID) String gid,
    @JsonProperty(Keys.URL) @Nullable String url,
    @JsonProperty(Keys.BIN_DATA) @Nullable String binData,
    @JsonProperty(Keys.BRANCH_ID) String branchId,
    @JsonProperty(Keys.OP) String op,
    @JsonProperty(Keys.STATUS) String status,
    @JsonProperty(Keys.FINISH_TIME) @Nullable String finishTime) {}
