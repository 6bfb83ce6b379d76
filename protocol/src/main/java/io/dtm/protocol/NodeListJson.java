package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** The answer to {@link Paths#NODES}. */
public record NodeListJson(@JsonProperty("nodes") List<NodeJson> nodes) {}
