package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow carries in {@code custom_data}, as a JSON text inside the JSON.
 *
 * @param data what the function is called with, in base64; null when it is nothing
 */
public record WorkflowDataJson(
    @JsonProperty(Keys.NAME) String name, @JsonProperty(Keys.DATA) @Nullable String data) {}
