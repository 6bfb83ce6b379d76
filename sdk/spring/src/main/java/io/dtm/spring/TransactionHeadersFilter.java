package io.dtm.spring;

import static java.util.Objects.requireNonNull;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.publisher.Mono;

/**
 * Has a {@code WebClient} pass on {@link TransactionHeaders}: those of the thread that subscribes,
 * as {@code block()} does on the thread of the request. A header that the call has already stays as
 * it is.
 */
public final class TransactionHeadersFilter implements ExchangeFilterFunction {
  private final TransactionHeaders headers;

  public TransactionHeadersFilter(TransactionHeaders headers) {
    this.headers = requireNonNull(headers, "headers");
  }

  @Override
  public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
    var passedOn = ClientRequest.from(request);
    headers
        .current()
        .forEach((name, value) -> {
          if (request.headers().getFirst(name) == null) {
            passedOn.header(name, value);
          }
        });
    return next.exchange(passedOn.build());
  }
}
