package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The answer to {@link Paths#RESET_CRON_TIME}. */
public record ResetJson(
    @JsonProperty(Keys.HAS_REMAINING) boolean hasRemaining,
    @JsonProperty(Keys.SUCCEED_COUNT) int succeedCount) {}
