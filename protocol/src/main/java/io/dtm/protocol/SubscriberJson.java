package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber of a topic. A topic is kept as a JSON list of them, which the questions for
 * settings show as a text.
 *
 * @param url where messages to the topic go
 * @param remark for people
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SubscriberJson(
    @JsonProperty(Keys.URL) String url, @JsonProperty(Keys.REMARK) @Nullable String remark) {}
