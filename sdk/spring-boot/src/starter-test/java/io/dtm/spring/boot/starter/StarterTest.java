package io.dtm.spring.boot.starter;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.client.TransactionClient;
import io.dtm.spring.BarrierDatabase;
import io.dtm.spring.BarrierTransactionalAdvisor;
import io.dtm.spring.BranchExceptionAdvice;
import io.dtm.spring.CheckBackEndpoint;
import io.dtm.spring.ParticipantEndpoints;
import io.dtm.spring.Participants;
import io.dtm.spring.TransactionHeadersInterceptor;
import io.dtm.spring.TransactionalMessages;
import io.dtm.spring.XaTransactions;
import io.dtm.spring.boot.BarrierMeters;
import io.dtm.spring.boot.TransactionMeters;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.client.RestClient;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/** An application of which nothing is ours but the starter on its class path. */
class StarterTest {
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final List<HttpHeaders> sent = new ArrayList<>();
  private final WebApplicationContextRunner application =
      new WebApplicationContextRunner().withUserConfiguration(Application.class);

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {}

  @Configuration(proxyBeanMethods = false)
  static class OwnBeans {
    private static final TransactionClient CLIENT =
        TransactionClient.of("http://10.0.0.7:36789");
    private static final BranchExceptionAdvice ADVICE = new BranchExceptionAdvice();

    @Bean
    TransactionClient client() {
      return CLIENT;
    }

    @Bean
    BranchExceptionAdvice advice() {
      return ADVICE;
    }

    @Bean
    String dtmHealthIndicator() {
      return "own";
    }
  }

  @AfterEach
  void endRequest() {
    RequestContextHolder.resetRequestAttributes();
  }

  @Test
  void anApplicationGetsAllThatItsClassPathAllows() {
    application.run(context -> {
      assertThat(context).hasNotFailed();
      assertThat(context).hasSingleBean(TransactionClient.class);
      assertThat(context).hasSingleBean(Participants.class);
      assertThat(context).hasSingleBean(BarrierDatabase.class);
      assertThat(context).hasSingleBean(BarrierTransactionalAdvisor.class);
      assertThat(context).hasSingleBean(ParticipantEndpoints.class);
      assertThat(context).hasSingleBean(CheckBackEndpoint.class);
      assertThat(context).hasSingleBean(TransactionalMessages.class);
      assertThat(context).hasSingleBean(BranchExceptionAdvice.class);
      assertThat(context).hasSingleBean(TransactionMeters.class);
      assertThat(context).hasSingleBean(BarrierMeters.class);
      assertThat(context).hasBean("branchMetersFilter");
      assertThat(context).hasBean("dtmHealthIndicator");
      assertThat(context).doesNotHaveBean(XaTransactions.class);
    });
  }

  @Test
  void itsOwnBeansTakeThePlaceOfOurs() {
    application
        .withUserConfiguration(OwnBeans.class)
        .run(context -> {
          assertThat(context.getBean(TransactionClient.class)).isSameAs(OwnBeans.CLIENT);
          assertThat(context.getBean(BranchExceptionAdvice.class)).isSameAs(OwnBeans.ADVICE);
          assertThat(context.getBean("dtmHealthIndicator")).isEqualTo("own");
        });
  }

  @Test
  void httpClientsPassOnTheTraceAndTheBranch() {
    application.run(context -> {
      serveABranch();

      call(context.getBean(RestClient.Builder.class));
      call(context.getBean(WebClient.Builder.class));

      assertThat(sent).hasSize(2).allSatisfy(StarterTest::areOfTheBranch);
    });
  }

  @Test
  void healthAndPropagationCanBeSwitchedOff() {
    application
        .withPropertyValues("management.health.dtm.enabled=false", "dtm.propagation.enabled=false")
        .run(context -> {
          assertThat(context).doesNotHaveBean("dtmHealthIndicator");
          assertThat(context).doesNotHaveBean(TransactionHeadersInterceptor.class);
          assertThat(context).doesNotHaveBean("dtmRestClientCustomizer");
          assertThat(context).doesNotHaveBean("dtmRestTemplateCustomizer");
          assertThat(context).doesNotHaveBean("dtmWebClientCustomizer");
        });
  }

  private void call(RestClient.Builder client) {
    client
        .requestFactory(this::recorded)
        .build()
        .get()
        .uri("http://warehouse/shelf")
        .retrieve()
        .toBodilessEntity();
  }

  private void call(WebClient.Builder client) {
    client
        .exchangeFunction(request -> {
          sent.add(request.headers());
          return Mono.just(ClientResponse.create(HttpStatus.OK).build());
        })
        .build()
        .get()
        .uri("http://warehouse/shelf")
        .retrieve()
        .toBodilessEntity()
        .block();
  }

  private static void serveABranch() {
    var request = new MockHttpServletRequest("POST", "/stock/deduct/action");
    request.setQueryString("gid=g1&trans_type=saga&branch_id=01&op=action");
    request.addHeader("traceparent", TRACE);
    RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
  }

  private static void areOfTheBranch(HttpHeaders headers) {
    assertThat(headers.getFirst("traceparent")).isEqualTo(TRACE);
    assertThat(headers.getFirst("dtm-gid")).isEqualTo("g1");
    assertThat(headers.getFirst("dtm-op")).isEqualTo("action");
  }

  private ClientHttpRequest recorded(URI uri, HttpMethod method) {
    var request = new MockClientHttpRequest(method, uri);
    request.setResponse(new MockClientHttpResponse(new byte[0], HttpStatus.OK));
    sent.add(request.getHeaders());
    return request;
  }
}
