package io.dtm.spring;

import io.dtm.barrier.Barrier;
import io.dtm.client.BranchRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Which branch the current request is for: that of the thread, as Spring MVC keeps it. Only its
 * query counts, for that is where managers put it; headers may come from anywhere.
 */
public final class CurrentBranch {
  private static final String BARRIER = CurrentBranch.class.getName() + ".barrier";

  private CurrentBranch() {}

  /**
   * The request of the manager that is being served; empty when there is none, which {@link
   * #require} would give the reason of.
   */
  public static Optional<BranchRequest> find() {
    try {
      return servletRequest().map(CurrentBranch::read);
    } catch (NotABranchCall e) {
      return Optional.empty();
    }
  }

  /**
   * The request of the manager that is being served.
   *
   * @throws NotABranchCall when there is none, or what there is is not complete
   */
  public static BranchRequest require() {
    var request =
        servletRequest()
            .orElseThrow(() ->
                new NotABranchCall(
                    "no HTTP request on this thread (expected: the call of a transaction manager)"));
    return read(request);
  }

  /**
   * The one barrier of the current request, which counts its guarded calls.
   *
   * @throws NotABranchCall as {@link #require}
   */
  static Barrier barrier() {
    var request = require();
    var attributes = RequestContextHolder.currentRequestAttributes();
    var known = attributes.getAttribute(BARRIER, RequestAttributes.SCOPE_REQUEST);
    if (known instanceof Barrier barrier) {
      return barrier;
    }
    var barrier =
        Barrier.of(request.gid(), request.mode().word(), request.branchId(), request.operation());
    attributes.setAttribute(BARRIER, barrier, RequestAttributes.SCOPE_REQUEST);
    return barrier;
  }

  static Optional<HttpServletRequest> servletRequest() {
    return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes servlet
        ? Optional.of(servlet.getRequest())
        : Optional.empty();
  }

  static BranchRequest read(HttpServletRequest request) {
    try {
      return BranchRequest.fromQuery(request.getQueryString());
    } catch (IllegalArgumentException e) {
      throw new NotABranchCall(e.getMessage() == null ? e.toString() : e.getMessage(), e);
    }
  }
}
