package io.dtm.spring;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;

/**
 * Where services are, as the transaction manager reaches them: it is the manager that calls, and it
 * may do so for days. So an address must stay good: a name that the manager's host resolves or a
 * load balancer, rather than the instance that a registry names today. Implementations are
 * thread-safe.
 */
@FunctionalInterface
public interface ServiceAddresses {
  /**
   * The address of a service.
   *
   * @return such as {@code http://stock:8080} or {@code https://shop.example/api}, with or without
   *     a slash at its end; empty for a service that is not known here
   */
  Optional<String> baseUrl(String service);

  /** Those of a table, by the names of the services. */
  static ServiceAddresses of(Map<String, String> baseUrls) {
    var table = Map.copyOf(baseUrls);
    return service -> Optional.ofNullable(table.get(service));
  }

  /** Asks others for the services that are not known here. */
  default ServiceAddresses or(ServiceAddresses others) {
    requireNonNull(others, "others");
    return service -> baseUrl(service).or(() -> others.baseUrl(service));
  }
}
