package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The body of {@link Paths#RESUME_PARKED}. An empty member is the same as an absent one, and leaves
 * a part open.
 *
 * @param destination host and port of the branch that they are parked for
 * @param reasonContains a part of the reason
 * @param limit most that are resumed
 * @param rate so many go on in each second
 * @param delay seconds before the first one goes on
 * @param dryRun whether they are only counted
 * @param position where an earlier answer ended
 */
@JsonInclude(Include.NON_DEFAULT)
public record ResumeParkedJson(
    @JsonProperty(Keys.TRANS_TYPE) String transType,
    @JsonProperty(Keys.DESTINATION) String destination,
    @JsonProperty(Keys.REASON_CONTAINS) String reasonContains,
    @JsonProperty(Keys.LIMIT) int limit,
    @JsonProperty(Keys.RATE) int rate,
    @JsonProperty(Keys.DELAY) int delay,
    @JsonProperty(Keys.DRY_RUN) boolean dryRun,
    @JsonProperty(Keys.POSITION) String position) {}
