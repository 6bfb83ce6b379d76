package io.dtm.sdk.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** An application that speaks with the server, and with participants, over plain HTTP. */
final class RawTransactions {
  private final HttpClient http = HttpClient.newHttpClient();
  private final TransactionServer server;

  RawTransactions(TransactionServer server) {
    this.server = server;
  }

  /** A TCC over one branch: its try is called here, through the server's proxy. */
  void tcc(String gid, String participant) throws Exception {
    command("prepare", "{\"gid\":\"%s\",\"trans_type\":\"tcc\"}".formatted(gid));
    try {
      command(
          "registerBranch",
          """
          {"gid":"%s","trans_type":"tcc","branch_id":"01","data":"{}",\
          "confirm":"%s/take","cancel":"%s/release"}\
          """
              .formatted(gid, participant, participant));
      var query = "?gid=%s&trans_type=tcc&branch_id=01&op=try".formatted(gid);
      post(server.through(participant + "/hold") + query, "{}");
    } catch (IOException e) {
      command("abort", "{\"gid\":\"%s\",\"trans_type\":\"tcc\"}".formatted(gid));
      throw e;
    }
    command("submit", "{\"gid\":\"%s\",\"trans_type\":\"tcc\"}".formatted(gid));
  }

  /** A message with one receiver, submitted at once. */
  void message(String gid, String receiver) throws Exception {
    command(
        "submit",
        """
        {"gid":"%s","trans_type":"msg","payloads":["{}"],"steps":[{"action":"%s"}]}\
        """
            .formatted(gid, receiver));
  }

  private void command(String name, String body) throws Exception {
    post(server.baseUrl() + "/api/dtmsvr/" + name, body);
  }

  private void post(String url, String body) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofString(body));
    var reply = http.send(request.build(), BodyHandlers.ofString());
    if (reply.statusCode() != 200) {
      throw new IOException("HTTP %d: %s".formatted(reply.statusCode(), reply.body()));
    }
  }
}
