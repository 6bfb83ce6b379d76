package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The answer to {@link Paths#VERSION}. */
public record VersionJson(@JsonProperty(Keys.VERSION) String version) {}
