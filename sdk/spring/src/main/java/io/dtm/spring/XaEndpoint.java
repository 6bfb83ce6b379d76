package io.dtm.spring;

import io.dtm.protocol.Operations;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/** Serves both phases of an XA branch. */
final class XaEndpoint {
  private final BranchInvocation invocation;
  private final XaTransactions transactions;

  XaEndpoint(BranchInvocation invocation, XaTransactions transactions) {
    this.invocation = invocation;
    this.transactions = transactions;
  }

  ResponseEntity<byte[]> handle(HttpServletRequest http) throws Exception {
    var request = invocation.request(http);
    var isAction = request.operation().equals(Operations.ACTION);
    var payload = isAction ? invocation.payload(http) : null;
    var result = new AtomicReference<@Nullable Object>();
    transactions.handle(request, () -> result.set(invocation.call(request, payload)));
    return invocation.answer(result.get());
  }
}
