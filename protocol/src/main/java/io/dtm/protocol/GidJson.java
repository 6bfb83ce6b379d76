package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A gid made by the server: the answer to {@link Paths#NEW_GID}, or to {@link JsonRpc#NEW_GID}.
 *
 * @param dtmResult {@link Results#SUCCESS}; null over JSON-RPC
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GidJson(
    @JsonProperty(Keys.DTM_RESULT) @Nullable String dtmResult,
    @JsonProperty(Keys.GID) String gid) {}
