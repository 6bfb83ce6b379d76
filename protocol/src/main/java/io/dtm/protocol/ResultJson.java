package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a command, and to everything that went wrong.
 *
 * @param dtmResult {@link Results#SUCCESS}, {@link Results#FAILURE} or {@link Results#ONGOING};
 *     null when the server could not tell
 * @param message what went wrong; null on success
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResultJson(
    @JsonProperty(Keys.DTM_RESULT) @Nullable String dtmResult,
    @JsonProperty(Keys.MESSAGE) @Nullable String message) {}
