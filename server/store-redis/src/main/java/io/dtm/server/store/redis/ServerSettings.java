package io.dtm.server.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dtm.server.core.StoreUnavailable;
import io.lettuce.core.protocol.CommandType;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether a server is set up to keep what it is given. */
final class ServerSettings {
  private static final Logger LOG = LoggerFactory.getLogger(ServerSettings.class);

  private ServerSettings() {}

  /** Says in the log what may get lost; a server that does not let itself be asked is trusted. */
  static void warnOfLosses(RedisLink link, RedisTopology topology) {
    try {
      var info =
          new String(
              link.send(new Request.ToNode(SlotGroup.ofSettings(), CommandType.INFO, List.of()))
                  .getFirst(),
              UTF_8);
      if (info.contains("maxmemory_policy:allkeys")) {
        LOG.warn(
            "redis {}: evicts unfinished transactions when memory runs out (expected:"
                + " maxmemory-policy noeviction)",
            topology);
      }
      if (info.contains("aof_enabled:0")) {
        LOG.warn(
            "redis {}: a restart may lose what was acknowledged (expected: appendonly yes)",
            topology);
      }
    } catch (StoreUnavailable e) {
      LOG.info("redis {}: settings not checked: {}", topology, e.getMessage());
    }
  }
}
