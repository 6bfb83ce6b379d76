package io.dtm.server.app;

import io.dtm.server.branch.DestinationLimits;
import io.dtm.server.branch.ProxyRules;

/**
 * How participants are called.
 *
 * @param localhostIsHost whether {@code localhost} in a URL stands for the machine that runs the
 *     container we are in
 */
public record BranchConfig(
    int callsPerDestinationMax, int destinationsMax, ProxyRules proxies, boolean localhostIsHost) {

  public static BranchConfig defaults() {
    return new BranchConfig(
        DestinationLimits.CALLS_MAX_DEFAULT,
        DestinationLimits.REMEMBERED_MAX_DEFAULT,
        ProxyRules.none(),
        false);
  }
}
