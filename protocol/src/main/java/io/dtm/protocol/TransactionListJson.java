package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@link Paths#ALL}.
 *
 * @param nextPosition where the next page starts; empty when this is the last
 * @param transactions null, not empty, when there is none
 */
public record TransactionListJson(
    @JsonProperty(Keys.NEXT_POSITION) String nextPosition,
    @JsonProperty(Keys.TRANSACTIONS) @Nullable List<TransactionJson> transactions) {}
