package io.dtm.spring;

import io.dtm.protocol.Keys;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The headers that calls of other services carry on while a manager's request is served: those of
 * the given names that came with it, and which branch it is for, as {@code dtm-gid}, {@code
 * dtm-trans_type}, {@code dtm-branch_id} and {@code dtm-op}. The latter are for logs and traces: a
 * service that a branch calls is no branch, and no barrier looks at them. Thread-safe.
 */
public final class TransactionHeaders {
  /** The trace headers of W3C, with which managers call branches too. */
  public static final List<String> TRACE = List.of(Keys.TRACEPARENT, Keys.TRACESTATE);

  /** Before the name of a parameter: what gRPC's metadata call it too. */
  private static final String PREFIX = "dtm-";

  private final List<String> names;

  /**
   * @param names of the headers that are passed on: {@link #TRACE}, a tenant, say
   */
  public TransactionHeaders(Collection<String> names) {
    this.names = List.copyOf(names);
  }

  /** Those of the current request; none unless a manager sent it. */
  public Map<String, String> current() {
    var branch = CurrentBranch.find();
    var http = CurrentBranch.servletRequest();
    if (branch.isEmpty() || http.isEmpty()) {
      return Map.of();
    }
    var headers = new LinkedHashMap<String, String>();
    for (var name : names) {
      var value = http.get().getHeader(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    headers.put(PREFIX + Keys.GID, branch.get().gid());
    headers.put(PREFIX + Keys.TRANS_TYPE, branch.get().mode().word());
    headers.put(PREFIX + Keys.BRANCH_ID, branch.get().branchId());
    headers.put(PREFIX + Keys.OP, branch.get().operation());
    return headers;
  }
}
