package io.dtm.server.store.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import java.io.File;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sets the client up: it connects again by itself, and never sends anything twice. */
final class RedisClients {
  /** Requests that wait for an answer; more than that are refused. */
  private static final int REQUESTS_MAX = 1 << 16;

  private static final Duration REFRESH_PERIOD = Duration.ofSeconds(30);
  private static final Duration REFRESH_PAUSE = Duration.ofSeconds(1);

  private final RedisStoreConfig config;
  private final ClientResources resources;

  RedisClients(RedisStoreConfig config, ClientResources resources) {
    this.config = config;
    this.resources = resources;
  }

  /** A client, not connected yet. */
  AbstractRedisClient client() {
    return switch (config.topology()) {
      case RedisTopology.Standalone(var address) -> single(uri(address));
      case RedisTopology.Sentinel sentinel -> single(uri(sentinel));
      case RedisTopology.Cluster(var addresses) -> cluster(addresses);
    };
  }

  static StatefulConnection<byte[], byte[]> connect(AbstractRedisClient client) {
    return client instanceof RedisClusterClient cluster
        ? cluster.connect(ByteArrayCodec.INSTANCE)
        : ((RedisClient) client).connect(ByteArrayCodec.INSTANCE);
  }

  private RedisClient single(RedisURI uri) {
    var client = RedisClient.create(resources, uri);
    client.setOptions(with(ClientOptions.builder()).build());
    return client;
  }

  private RedisClusterClient cluster(List<String> addresses) {
    var client = RedisClusterClient.create(resources, addresses.stream().map(this::uri).toList());
    var options = ClusterClientOptions.builder();
    options.topologyRefreshOptions(
        ClusterTopologyRefreshOptions.builder()
            .enablePeriodicRefresh(REFRESH_PERIOD)
            .adaptiveRefreshTriggersTimeout(REFRESH_PAUSE)
            .build());
    with(options);
    client.setOptions(options.build());
    return client;
  }

  private RedisURI uri(String address) {
    var uri = RedisURI.create(address);
    uri.setTimeout(config.commandTimeout());
    return uri;
  }

  private RedisURI uri(RedisTopology.Sentinel sentinel) {
    var builder = RedisURI.builder().withSentinelMasterId(sentinel.masterName());
    boolean isTls = false;
    for (var address : sentinel.addresses()) {
      var uri = uri(address);
      isTls |= uri.isSsl();
      builder.withSentinel(uri);
    }
    builder.withSsl(isTls).withTimeout(config.commandTimeout());
    if (!sentinel.user().isEmpty()) {
      builder.withAuthentication(sentinel.user(), sentinel.password());
    } else if (!sentinel.password().isEmpty()) {
      builder.withPassword(sentinel.password().toCharArray());
    }
    return builder.build();
  }

  private <B extends ClientOptions.Builder> B with(B options) {
    options
        .autoReconnect(true)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .replayFilter(RedisClients::giveUp)
        .requestQueueSize(REQUESTS_MAX)
        // RedisLink waits with a deadline of its own; a timer for every command costs too much.
        .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
        // Version 3 of the protocol has nothing that is used here.
        .protocolVersion(ProtocolVersion.RESP2)
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(config.connectTimeout())
                .keepAlive(true)
                .tcpNoDelay(true)
                .build());
    if (!config.caFile().isEmpty()) {
      options.sslOptions(
          SslOptions.builder().jdkSslProvider().trustManager(new File(config.caFile())).build());
    }
    return options;
  }

  /**
   * Asked of everything that was sent and not answered when the connection broke: true, it is not
   * sent again. A write may have happened, and a second one would lose its race against itself.
   */
  private static boolean giveUp(@Nullable RedisCommand<?, ?, ?> command) {
    if (command != null) {
      command.completeExceptionally(new ConnectionLost());
    }
    return true;
  }
}
