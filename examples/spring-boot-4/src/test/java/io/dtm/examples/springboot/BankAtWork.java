package io.dtm.examples.springboot;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.web.client.RestClient;

/** The running bank, as those see it who call it over HTTP. */
final class BankAtWork {
  private static final ParameterizedTypeReference<Map<String, Object>> JSON =
      new ParameterizedTypeReference<>() {};

  private final RestClient http;

  BankAtWork(int port) {
    http =
        RestClient.builder()
            .baseUrl("http://127.0.0.1:" + port)
            .defaultStatusHandler(status -> true, (request, response) -> {})
            .build();
  }

  /** Pays bob, or whoever; what came of it in words. */
  String transfer(String mode, String to, long amount) {
    var answer =
        requireNonNull(
            http.post()
                .uri("/transfers/{mode}", mode)
                .body(new Transfer("alice", to, amount))
                .retrieve()
                .body(JSON));
    return String.valueOf(answer.get("outcome"));
  }

  /** What alice and bob have. */
  List<Object> balances() {
    var accounts = requireNonNull(http.get().uri("/accounts").retrieve().body(JSON));
    return List.of(accounts.get("alice"), accounts.get("bob"));
  }

  /** The status and the text of the health of the transaction managers. */
  String health() {
    var answer = http.get().uri("/actuator/health/dtm").retrieve().toEntity(String.class);
    return answer.getStatusCode().value() + " " + answer.getBody();
  }

  /** How often what a meter measures has happened; zero when there is no such meter. */
  double count(String meter, String... tags) {
    var query = new StringBuilder();
    for (var tag : tags) {
      query.append(query.isEmpty() ? "?" : "&").append("tag=").append(tag);
    }
    var answer = http.get().uri("/actuator/metrics/" + meter + query).retrieve().toEntity(JSON);
    if (answer.getStatusCode().value() == 404) {
      return 0;
    }
    var measurements = (List<?>) requireNonNull(answer.getBody()).get("measurements");
    return measurements.stream()
        .map(measurement -> (Map<?, ?>) measurement)
        .filter(measurement -> "COUNT".equals(measurement.get("statistic")))
        .mapToDouble(measurement -> ((Number) measurement.get("value")).doubleValue())
        .sum();
  }
}
