package io.dtm.server.app;

import io.dtm.server.branch.DestinationLimits;
import io.dtm.server.branch.ProxyRules;

/**
 * How participants are called.
 *
 * @param limits what one destination may take
 * @param localhostIsHost whether {@code localhost} in a URL stands for the machine that runs the
 *     container we are in
 */
public record BranchConfig(DestinationLimits limits, ProxyRules proxies, boolean localhostIsHost) {

  public static BranchConfig defaults() {
    return new BranchConfig(DestinationLimits.defaults(), ProxyRules.none(), false);
  }
}
