package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The answer to {@link Paths#RESUME_PARKED}.
 *
 * @param count how many were resumed, or would be
 * @param hasRemaining whether there are some that were not looked at
 * @param nextPosition where to go on with another request
 */
public record ResumedJson(
    @JsonProperty(Keys.COUNT) int count,
    @JsonProperty(Keys.HAS_REMAINING) boolean hasRemaining,
    @JsonProperty(Keys.NEXT_POSITION) String nextPosition) {}
