package io.dtm.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class BranchMetersFilterTest {
  private static final String BRANCH = "gid=g1&trans_type=saga&branch_id=01&op=";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BranchMetersFilter filter = new BranchMetersFilter(registry);

  @ParameterizedTest
  @CsvSource({"200, done", "409, refused", "425, ongoing", "500, unclear", "302, unclear"})
  void theStatusTellsTheOutcome(int status, String outcome) throws Exception {
    serve(BRANCH + "compensate", answering(status));

    assertThat(count("compensate", outcome)).isOne();
  }

  @Test
  void whatIsThrownPastAllHandlersIsUnclear() {
    FilterChain broken =
        (request, response) -> {
          throw new UncheckedIOException(new IOException("broken"));
        };

    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> serve(BRANCH + "action", broken));

    assertThat(count("action", "unclear")).isOne();
  }

  @Test
  void anAnswerFromAnotherThreadCountsOnceItIsThere() throws Exception {
    var request = request(BRANCH + "action");
    request.setAsyncSupported(true);
    var response = new MockHttpServletResponse();

    filter.doFilter(request, response, (same, to) -> same.startAsync());
    assertThat(registry.find("dtm.branches").timer()).isNull();
    response.setStatus(425);
    request.getAsyncContext().complete();

    assertThat(count("action", "ongoing")).isOne();
  }

  @Test
  void operationsThatNobodyKnowsAreCountedTogether() throws Exception {
    serve(BRANCH + "made-up-1", answering(200));
    serve(BRANCH + "made-up-2", answering(200));

    assertThat(count("other", "done")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"page=2", "branch_id=01", "branch_id=01&gid=g1&trans_type=unheard-of&op=action"})
  void whatIsNoBranchIsNotCounted(String query) throws Exception {
    serve(query, answering(200));

    assertThat(registry.getMeters()).isEmpty();
  }

  private void serve(String query, FilterChain chain) throws ServletException, IOException {
    filter.doFilter(request(query), new MockHttpServletResponse(), chain);
  }

  private static MockHttpServletRequest request(String query) {
    var request = new MockHttpServletRequest("POST", "/bank/debit/action");
    request.setQueryString(query);
    return request;
  }

  private static FilterChain answering(int status) {
    return (request, response) -> ((HttpServletResponse) response).setStatus(status);
  }

  private long count(String operation, String outcome) {
    return registry
        .get("dtm.branches")
        .tags("mode", "saga", "op", operation, "outcome", outcome)
        .timer()
        .count();
  }
}
