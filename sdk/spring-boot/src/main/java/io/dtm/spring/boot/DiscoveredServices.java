package io.dtm.spring.boot;

import static java.util.Objects.requireNonNull;

import io.dtm.spring.ServiceAddresses;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/**
 * Services as a registry knows them: their instances in turn. A transaction keeps the instance that
 * it was given; the manager repeats its calls there. Thread-safe.
 */
final class DiscoveredServices implements ServiceAddresses {
  private final Supplier<@Nullable DiscoveryClient> discovery;
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * @param discovery asked at each look-up; null where there is no registry
   */
  DiscoveredServices(Supplier<@Nullable DiscoveryClient> discovery) {
    this.discovery = requireNonNull(discovery, "discovery");
  }

  @Override
  public Optional<String> baseUrl(String service) {
    var client = discovery.get();
    if (client == null) {
      return Optional.empty();
    }
    var instances = client.getInstances(service);
    if (instances.isEmpty()) {
      return Optional.empty();
    }
    var next = Math.floorMod(turn.getAndIncrement(), instances.size());
    return Optional.of(instances.get(next).getUri().toString());
  }
}
