package io.dtm.spring.boot3;

import io.dtm.spring.boot.ManagerProbe;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/** Up as long as a transaction manager answers. Thread-safe. */
final class ManagerHealthIndicator extends AbstractHealthIndicator {
  private final ManagerProbe probe;

  ManagerHealthIndicator(ManagerProbe probe) {
    super("no transaction manager answers");
    this.probe = probe;
  }

  @Override
  protected void doHealthCheck(Health.Builder health) throws Exception {
    health.up().withDetails(probe.check());
  }
}
