package io.dtm.testing.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The REST API of one server. Thread-safe. */
record Api(HttpClient client, URI baseUrl) {
  /** Longer than any answer may take, so that one that hangs is found out. */
  static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

  private static final Pattern STATUS = Pattern.compile("\"status\":\"(\\w+)\"[^{]*\"protocol\"");

  private static final Pattern NAME = Pattern.compile("\"name\":\"([^\"]+)\"");

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

  /** The names of the servers that share the store, as this one knows them. */
  List<String> nodes() throws IOException, InterruptedException {
    var body = get("/api/dtmsvr/nodes");
    return NAME.matcher(body).results().map(found -> found.group(1)).toList();
  }

  String get(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(baseUrl.resolve(path)).timeout(ANSWER_LIMIT).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** A transaction's status in the words of the wire, or what was answered instead. */
  String status(String gid) throws IOException, InterruptedException {
    var body = get("/api/dtmsvr/query?gid=" + gid);
    Matcher status = STATUS.matcher(body.substring(Math.max(0, body.indexOf("\"transaction\""))));
    return status.find() ? status.group(1) : "missing: " + body;
  }
}
