package io.dtm.spring;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Runs something as Spring MVC would while it serves a manager's call. */
final class AsBranch {
  private AsBranch() {}

  /** What is run. */
  @FunctionalInterface
  interface Work<T, X extends Exception> {
    T run() throws X;
  }

  static <T, X extends Exception> T of(String mode, String operation, Work<T, X> work) throws X {
    return of("g", mode, operation, work);
  }

  static <T, X extends Exception> T of(String gid, String mode, String operation, Work<T, X> work)
      throws X {
    return serving(request(gid, mode, operation), work);
  }

  static MockHttpServletRequest request(String gid, String mode, String operation) {
    var request = new MockHttpServletRequest();
    request.setQueryString(
        "branch_id=01&gid=%s&op=%s&trans_type=%s".formatted(gid, operation, mode));
    return request;
  }

  static <T, X extends Exception> T serving(MockHttpServletRequest request, Work<T, X> work)
      throws X {
    RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
    try {
      return work.run();
    } finally {
      RequestContextHolder.resetRequestAttributes();
    }
  }
}
