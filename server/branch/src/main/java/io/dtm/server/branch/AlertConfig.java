package io.dtm.server.branch;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * When and where to report branches that keep failing.
 *
 * @param url where alerts are posted; empty: nowhere
 * @param retryLimit first retry that is reported; every later one is reported as well
 * @param timeout limit of one post
 */
public record AlertConfig(Optional<URI> url, int retryLimit, Duration timeout) {
  public AlertConfig {
    if (url.isPresent() && !BranchUrl.isHttp(url.get().toString())) {
      // The address often holds a secret, so it is not repeated.
      throw new IllegalArgumentException("url: another scheme (expected: http:// or https://)");
    }
    if (retryLimit < 0) {
      throw new IllegalArgumentException("retryLimit: %d (expected: >= 0)".formatted(retryLimit));
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout: %s (expected: > 0)".formatted(timeout));
    }
  }
}
