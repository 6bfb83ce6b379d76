package io.dtm.testing.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The REST API of one server. Thread-safe. */
record Api(HttpClient client, URI baseUrl) {
  /** Longer than any answer may take, so that one that hangs is found out. */
  static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

  private static final Pattern STATUS = Pattern.compile("\"status\":\"(\\w+)\"[^{]*\"protocol\"");

  static HttpClient newClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(2))
        .build();
  }

  HttpResponse<String> post(Flow.Request request) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(baseUrl.resolve("/api/dtmsvr/" + request.route()))
            .timeout(ANSWER_LIMIT)
            .POST(HttpRequest.BodyPublishers.ofString(request.body()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** A transaction's status in the words of the wire, or what was answered instead. */
  String status(String gid) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(baseUrl.resolve("/api/dtmsvr/query?gid=" + gid))
            .timeout(ANSWER_LIMIT)
            .build();
    var body = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    Matcher status = STATUS.matcher(body.substring(Math.max(0, body.indexOf("\"transaction\""))));
    return status.find() ? status.group(1) : "missing: " + body;
  }
}
