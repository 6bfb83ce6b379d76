package io.dtm.spring;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Has a {@code RestClient} or a {@code RestTemplate} pass on {@link TransactionHeaders}. A header
 * that the call has already stays as it is.
 */
public final class TransactionHeadersInterceptor implements ClientHttpRequestInterceptor {
  private final TransactionHeaders headers;

  public TransactionHeadersInterceptor(TransactionHeaders headers) {
    this.headers = requireNonNull(headers, "headers");
  }

  @Override
  public ClientHttpResponse intercept(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
    headers
        .current()
        .forEach((name, value) -> {
          if (request.getHeaders().getFirst(name) == null) {
            request.getHeaders().set(name, value);
          }
        });
    return execution.execute(request, body);
  }
}
