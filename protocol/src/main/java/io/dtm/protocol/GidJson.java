package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The answer to {@link Paths#NEW_GID}. */
public record GidJson(
    @JsonProperty(Keys.DTM_RESULT) String dtmResult, @JsonProperty(Keys.GID) String gid) {}
