package io.dtm.server.stores;

import io.dtm.server.store.redis.RedisStoreConfig;
import io.dtm.server.store.redis.RedisTopology;
import java.util.Arrays;
import java.util.List;

/**
 * The URLs of Redis, which may name several servers:
 *
 * <pre>
 * redis://user:password@host:6379/0?prefix=dtm:
 * rediss://user:password@host1:6379,host2:6379
 * redis-sentinel://user:password@host1:26379,host2:26379/0#master
 * </pre>
 *
 * <p>User and password of the last are those of the master and its replicas.
 */
final class RedisUrl {
  private static final String PREFIX_PARAMETER = "?prefix=";

  private RedisUrl() {}

  static StoreConfig parse(String url) {
    int prefixStart = url.indexOf(PREFIX_PARAMETER);
    var bare = prefixStart < 0 ? url : url.substring(0, prefixStart);
    var config = RedisStoreConfig.defaults(topology(bare));
    return new StoreConfig.Redis(
        prefixStart < 0
            ? config
            : config.withPrefix(url.substring(prefixStart + PREFIX_PARAMETER.length())));
  }

  private static RedisTopology topology(String url) {
    int schemeEnd = url.indexOf("://") + "://".length();
    var scheme = url.substring(0, schemeEnd);
    var rest = url.substring(schemeEnd);
    int userEnd = rest.lastIndexOf('@') + 1;
    var credentials = rest.substring(0, userEnd);
    var place = rest.substring(userEnd);
    if (scheme.equals("redis-sentinel://")) {
      return sentinel(credentials, place);
    }
    if (!place.contains(",")) {
      return new RedisTopology.Standalone(url);
    }
    return new RedisTopology.Cluster(
        hosts(place).stream().map(host -> scheme + credentials + host).toList());
  }

  private static RedisTopology sentinel(String credentials, String place) {
    int nameStart = place.indexOf('#');
    if (nameStart < 0) {
      throw new IllegalArgumentException(
          "store URL: no master (expected: redis-sentinel://host1:26379,host2:26379/0#master)");
    }
    var addresses =
        hosts(place.substring(0, nameStart)).stream().map(host -> "redis://" + host).toList();
    var plain = credentials.replace("@", "");
    int passwordStart = plain.indexOf(':');
    return new RedisTopology.Sentinel(
        addresses,
        place.substring(nameStart + 1),
        passwordStart < 0 ? plain : plain.substring(0, passwordStart),
        passwordStart < 0 ? "" : plain.substring(passwordStart + 1));
  }

  private static List<String> hosts(String place) {
    int pathStart = place.indexOf('/');
    var hosts = pathStart < 0 ? place : place.substring(0, pathStart);
    return Arrays.asList(hosts.split(",", -1));
  }
}
