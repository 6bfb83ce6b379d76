package io.dtm.spring;

import static org.assertj.core.api.Assertions.assertThat;

import feign.RequestTemplate;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import reactor.core.publisher.Mono;

/** What goes on from a branch to the services that it calls. */
class TransactionHeadersTest {
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final TransactionHeaders headers =
      new TransactionHeaders(List.of("traceparent", "Tenant", "Absent"));

  private static MockHttpServletRequest branch() {
    var request = AsBranch.request("g", "saga", "action");
    request.addHeader("traceparent", TRACE);
    request.addHeader("Tenant", "north");
    request.addHeader("Secret", "no");
    return request;
  }

  @Test
  void headersOfTheGivenNamesGoOnAndTellTheBranch() {
    assertThat(AsBranch.serving(branch(), headers::current))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "traceparent", TRACE,
                "Tenant", "north",
                "dtm-gid", "g",
                "dtm-trans_type", "saga",
                "dtm-branch_id", "01",
                "dtm-op", "action"));
  }

  @Test
  void whatNoManagerAskedForCarriesNothing() {
    var ordinary = new MockHttpServletRequest();
    ordinary.addHeader("Tenant", "north");

    assertThat(AsBranch.serving(ordinary, headers::current)).isEmpty();
    assertThat(headers.current()).isEmpty();
  }

  @Test
  void aRestClientPassesThemOn() {
    var sent = new ArrayList<MockClientHttpRequest>();
    var client =
        RestClient.builder()
            .requestFactory((uri, method) -> {
              var request = new MockClientHttpRequest(method, uri);
              request.setResponse(new MockClientHttpResponse(new byte[0], HttpStatus.OK));
              sent.add(request);
              return request;
            })
            .requestInterceptor(new TransactionHeadersInterceptor(headers))
            .build();
    var call = client.get().uri("http://other/").header("Tenant", "south");

    AsBranch.serving(branch(), () -> call.retrieve().toBodilessEntity());

    assertThat(sent.get(0).getHeaders().getFirst("dtm-gid")).isEqualTo("g");
    assertThat(sent.get(0).getHeaders().getFirst("traceparent")).isEqualTo(TRACE);
    assertThat(sent.get(0).getHeaders().getValuesAsList("Tenant")).containsExactly("south");
    assertThat(sent.get(0).getHeaders().getFirst("Secret")).isNull();
  }

  @Test
  void aWebClientPassesThemOn() {
    var sent = new ArrayList<ClientRequest>();
    var filter = new TransactionHeadersFilter(headers);
    var request =
        ClientRequest.create(HttpMethod.GET, URI.create("http://other/"))
            .header("Tenant", "south")
            .build();

    AsBranch.serving(
        branch(),
        () ->
            filter
                .filter(
                    request,
                    passedOn -> {
                      sent.add(passedOn);
                      return Mono.just(ClientResponse.create(HttpStatus.OK).build());
                    })
                .block());

    assertThat(sent.get(0).headers().getFirst("dtm-gid")).isEqualTo("g");
    assertThat(sent.get(0).headers().getValuesAsList("Tenant")).containsExactly("south");
  }

  @Test
  void feignPassesThemOn() {
    var template = new RequestTemplate();
    template.header("Tenant", "south");

    AsBranch.serving(
        branch(),
        () -> {
          new TransactionHeadersFeignInterceptor(headers).apply(template);
          return template;
        });

    assertThat(template.headers().get("dtm-branch_id")).containsExactly("01");
    assertThat(template.headers().get("Tenant")).containsExactly("south");
  }
}
