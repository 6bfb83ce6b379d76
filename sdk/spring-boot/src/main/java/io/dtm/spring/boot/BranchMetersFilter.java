package io.dtm.spring.boot;

import static java.util.Objects.requireNonNull;

import io.dtm.client.BranchRequest;
import io.dtm.protocol.Keys;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Times the branches that this application handles, as its caller sees them: the timer {@code
 * dtm.branches} with {@code mode}, {@code op} and {@code outcome}: done, refused, ongoing, unclear.
 * Thread-safe.
 */
public final class BranchMetersFilter extends OncePerRequestFilter {
  private final MeterRegistry registry;

  public BranchMetersFilter(MeterRegistry registry) {
    this.registry = requireNonNull(registry, "registry");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var branch = branch(request);
    if (branch.isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    var sample = Timer.start(registry);
    var isAnswered = false;
    try {
      chain.doFilter(request, response);
      isAnswered = true;
    } finally {
      if (request.isAsyncStarted()) {
        request.getAsyncContext().addListener(new AtEnd(branch.get(), sample, response));
      } else {
        record(branch.get(), sample, isAnswered ? response.getStatus() : 500);
      }
    }
  }

  private static Optional<BranchRequest> branch(HttpServletRequest request) {
    var query = request.getQueryString();
    if (query == null || !query.contains(Keys.BRANCH_ID + "=")) {
      return Optional.empty();
    }
    try {
      return Optional.of(BranchRequest.fromQuery(query));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // of no branch; whoever serves it says so
    }
  }

  private void record(BranchRequest branch, Timer.Sample sample, int status) {
    var tags = BranchTags.of(branch).and("outcome", outcome(status));
    sample.stop(registry.timer("dtm.branches", tags));
  }

  private static String outcome(int status) {
    return switch (status) {
      case 200 -> "done";
      case 409 -> "refused";
      case 425 -> "ongoing";
      default -> "unclear";
    };
  }

  /** For handlers that answer from another thread. */
  private final class AtEnd implements AsyncListener {
    private final BranchRequest branch;
    private final Timer.Sample sample;
    private final HttpServletResponse response;

    AtEnd(BranchRequest branch, Timer.Sample sample, HttpServletResponse response) {
      this.branch = branch;
      this.sample = sample;
      this.response = response;
    }

    @Override
    public void onComplete(AsyncEvent event) {
      record(branch, sample, response.getStatus());
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this);
    }
  }
}
