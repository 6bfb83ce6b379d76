package io.dtm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.examples.bank.Bank;
import io.dtm.server.app.Server;
import io.dtm.server.app.ServerConfig;
import io.dtm.server.app.SettingsLoader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class QuickStartHintsTest {
  private static final Pattern CURL = Pattern.compile("(?s)curl '?([^ ']+)'?(?: -d '(.*)')?\\s*");

  @Test
  void everyCommandDoesWhatItIsShownFor() throws Exception {
    var environment =
        Map.of(
            "HTTP_PORT", "0",
            "GRPC_PORT", "0",
            "BIND_HOST", "127.0.0.1",
            "STORE_DRIVER", "memory");
    var settings = SettingsLoader.load(Optional.empty(), environment);
    try (var server = Server.start(ServerConfig.from(settings, environment));
        var bank = Bank.open(0, InstantSource.system(), call -> {})) {
      var api = "http://127.0.0.1:%d/api/dtmsvr".formatted(server.httpPort());

      assertThat(QuickStartHints.submit(api, "g1", bank.url()).lines())
          .allMatch(line -> line.length() < 100);
      assertThat(run(QuickStartHints.submit(api, "g1", bank.url())))
          .isEqualTo("{\"dtm_result\":\"SUCCESS\"}");
      assertThat(run(QuickStartHints.accounts(bank.url())))
          .isEqualTo("{\"alice\":970,\"bob\":1030}");
      assertThat(run(QuickStartHints.query(api, "g1")))
          .contains("\"gid\":\"g1\"", "\"status\":\"succeed\"");
      assertThat(run(QuickStartHints.list(api))).contains("\"gid\":\"g1\"");
    }
  }

  /** Does what curl would. */
  private static String run(String command) throws IOException, InterruptedException {
    var curl = CURL.matcher(command);
    assertThat(curl.matches()).as(command).isTrue();
    var request = HttpRequest.newBuilder(URI.create(curl.group(1)));
    if (curl.group(2) != null) {
      request
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(BodyPublishers.ofString(curl.group(2)));
    }
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request.build(), BodyHandlers.ofString()).body();
    }
  }
}
