package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One step of a saga or message.
 *
 * @param action where it goes; null when the member is missing, which an empty address is not
 * @param compensate what undoes it; empty or absent when nothing does
 * @param data its payload as old clients send it; absent with clients that use {@code payloads}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepJson(
    @JsonProperty(Keys.ACTION) @Nullable String action,
    @JsonProperty(Keys.COMPENSATE) @Nullable String compensate,
    @JsonProperty(Keys.DATA) @Nullable String data) {}
