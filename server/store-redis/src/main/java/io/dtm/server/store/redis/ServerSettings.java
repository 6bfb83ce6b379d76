package io.dtm.server.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dtm.server.core.StoreUnavailable;
import io.lettuce.core.protocol.CommandType;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether a server is set up to take and keep what it is given. */
final class ServerSettings {
  private static final Logger LOG = LoggerFactory.getLogger(ServerSettings.class);

  /** As servers are delivered. */
  private static final long VALUE_BYTES_MAX = 512L << 20;

  private ServerSettings() {}

  /** How long a value may be; of a server that does not let itself be asked, the usual. */
  static long valueBytesMax(RedisLink link) {
    var question =
        new Request.ToNode(
            SlotGroup.ofSettings(),
            CommandType.CONFIG,
            List.of("GET".getBytes(UTF_8), "proto-max-bulk-len".getBytes(UTF_8)));
    try {
      var answer = link.send(question);
      return answer.size() == 2 ? Reply.number(answer.getLast()) : VALUE_BYTES_MAX;
    } catch (StoreUnavailable e) {
      LOG.debug("proto-max-bulk-len not known", e);
      return VALUE_BYTES_MAX;
    }
  }

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
