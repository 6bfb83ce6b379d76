package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A server as it announces itself. Times are ISO 8601, in UTC.
 *
 * @param name another one after every start
 * @param running transactions that it works on, about
 * @param lastHeardOf when it last announced itself, by the store's clock; null in what is stored
 */
public record NodeJson(
    @JsonProperty("name") String name,
    @JsonProperty("host") String host,
    @JsonProperty("http_port") int httpPort,
    @JsonProperty("grpc_port") int grpcPort,
    @JsonProperty(Keys.VERSION) String version,
    @JsonProperty("started_at") String startedAt,
    @JsonProperty("running") int running,
    @JsonProperty("last_heard_of") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String lastHeardOf) {}
