package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@link Paths#QUERY}.
 *
 * @param transaction null when the gid is unknown
 */
public record QueryJson(
    @JsonProperty(Keys.BRANCHES) List<BranchJson> branches,
    @JsonProperty(Keys.TRANSACTION) @Nullable TransactionJson transaction) {}
