package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@link Paths#SCAN_KV} and {@link Paths#QUERY_KV}.
 *
 * @param nextPosition where the next page starts, empty when this is the last; null in an answer
 *     that is complete by nature
 */
public record KeyValueListJson(
    @JsonProperty(Keys.KV) List<KeyValueJson> entries,
    @JsonProperty(Keys.NEXT_POSITION) @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String nextPosition) {}
