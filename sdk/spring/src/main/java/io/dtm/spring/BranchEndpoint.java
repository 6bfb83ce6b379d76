package io.dtm.spring;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;

/** Serves one operation of one step. */
final class BranchEndpoint {
  private final BranchInvocation invocation;

  BranchEndpoint(BranchInvocation invocation) {
    this.invocation = invocation;
  }

  ResponseEntity<byte[]> handle(HttpServletRequest http) throws Exception {
    var request = invocation.request(http);
    return invocation.answer(invocation.call(request, invocation.payload(http)));
  }
}
