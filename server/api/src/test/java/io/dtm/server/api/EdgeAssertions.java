package io.dtm.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;

/** What answers of the edge look like. */
final class EdgeAssertions {
  static final String SUCCESS = "{\"dtm_result\":\"SUCCESS\"}";

  private static final String JSON = "application/json; charset=utf-8";

  private EdgeAssertions() {}

  static void assertAnswer(HttpResponse<String> answer, int status, String body) {
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains(JSON);
  }

  static void assertSuccess(HttpResponse<String> answer) {
    assertAnswer(answer, 200, SUCCESS);
  }

  /** 409 with the word FAILURE. */
  static void assertRefused(HttpResponse<String> answer, String message) {
    assertAnswer(answer, 409, "{\"dtm_result\":\"FAILURE\",\"message\":\"%s\"}".formatted(message));
  }

  /** Any other error. */
  static void assertError(HttpResponse<String> answer, int status, String message) {
    assertAnswer(answer, status, "{\"message\":\"%s\"}".formatted(message));
  }
}
