package io.dtm.spring;

import static java.util.Objects.requireNonNull;

import feign.RequestInterceptor;
import feign.RequestTemplate;

/**
 * Has clients of Feign pass on {@link TransactionHeaders}. A header that the call has already stays
 * as it is.
 */
public final class TransactionHeadersFeignInterceptor implements RequestInterceptor {
  private final TransactionHeaders headers;

  public TransactionHeadersFeignInterceptor(TransactionHeaders headers) {
    this.headers = requireNonNull(headers, "headers");
  }

  @Override
  public void apply(RequestTemplate template) {
    headers
        .current()
        .forEach((name, value) -> {
          if (!template.headers().containsKey(name)) {
            template.header(name, value);
          }
        });
  }
}
