package io.dtm.spring.boot;

import static java.util.Objects.requireNonNull;

import io.dtm.barrier.BarrierOutcome;
import io.dtm.client.BranchRequest;
import io.dtm.spring.BarrierListener;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/**
 * What barriers made of the calls that they guard: the counter {@code dtm.barrier} with {@code
 * mode}, {@code op} and {@code outcome}: ran, duplicate, null_compensation, too_late. Thread-safe.
 */
public final class BarrierMeters implements BarrierListener {
  private final MeterRegistry registry;

  public BarrierMeters(MeterRegistry registry) {
    this.registry = requireNonNull(registry, "registry");
  }

  @Override
  public void onOutcome(BranchRequest branch, BarrierOutcome outcome) {
    registry
        .counter(
            "dtm.barrier",
            BranchTags.of(branch).and("outcome", outcome.name().toLowerCase(Locale.ROOT)))
        .increment();
  }
}
