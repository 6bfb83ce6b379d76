package io.dtm.sdk.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dtm.protocol.Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands in front of participants for the calls that an application makes itself, such as a TCC's
 * tries, so that they meet faults as well. Requests that are no calls of a branch pass untouched.
 * Thread-safe.
 */
final class ParticipantProxy implements AutoCloseable {
  /** How many participants there may be. */
  private static final int ORIGINS_MAX = 1_000;

  private static final int BODY_BYTES_MAX = 16 * 1024 * 1024;

  private final Switchboard switchboard;
  private final List<String> origins = new ArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final String address;

  ParticipantProxy(Switchboard switchboard) {
    this.switchboard = switchboard;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("no free port: " + e.getMessage(), e);
    }
    address = "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
    server.setExecutor(threads);
    server.createContext("/", this::answer);
  }

  void start() {
    server.start();
  }

  /** The address here that leads to {@code url}. */
  String through(String url) {
    if (url.startsWith(address)) {
      return url;
    }
    var uri = URI.create(url);
    if (uri.getScheme() == null || !uri.getScheme().startsWith("http") || uri.getHost() == null) {
      throw new IllegalArgumentException("url: %s (expected: http://host:port/…)".formatted(url));
    }
    var origin = uri.getScheme() + "://" + uri.getRawAuthority();
    return address + indexOf(origin) + url.substring(origin.length());
  }

  private synchronized int indexOf(String origin) {
    int known = origins.indexOf(origin);
    if (known >= 0) {
      return known;
    }
    if (origins.size() == ORIGINS_MAX) {
      throw new IllegalStateException(
          "participants: more than %d (expected: fewer)".formatted(ORIGINS_MAX));
    }
    origins.add(origin);
    return origins.size() - 1;
  }

  /** Where an address leads to, if it is one of here; otherwise the address itself. */
  String original(String url) {
    return url.startsWith(address) ? resolved(url.substring(address.length())).orElse(url) : url;
  }

  /**
   * @param path {@code 0/rest} for the first participant
   */
  private synchronized Optional<String> resolved(String path) {
    int end = 0;
    while (end < path.length() && Character.isDigit(path.charAt(end))) {
      end++;
    }
    if (end == 0 || end > 4) {
      return Optional.empty();
    }
    int index = Integer.parseInt(path.substring(0, end));
    return index < origins.size()
        ? Optional.of(origins.get(index) + path.substring(end))
        : Optional.empty();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var target = resolved(exchange.getRequestURI().toString().substring(1));
      var body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
      if (target.isEmpty()) {
        ProxyAnswer.of(404, "no participant of this address").write(exchange);
      } else if (body.length > BODY_BYTES_MAX) {
        ProxyAnswer.of(413, "body: more than %d bytes".formatted(BODY_BYTES_MAX)).write(exchange);
      } else {
        var passage = new ApplicationPassage(client, exchange, target.get(), body);
        identity(target.get())
            .map(call -> switchboard.carry(call, passage))
            .orElseGet(passage::deliver)
            .write(exchange);
      }
    }
  }

  private static Optional<CallIdentity> identity(String url) {
    var query = URI.create(url).getRawQuery();
    var parameters = query == null ? Map.<String, String>of() : parameters(query);
    var gid = parameters.get(Keys.GID);
    var branchId = parameters.get(Keys.BRANCH_ID);
    var operation = parameters.get(Keys.OP);
    return gid == null || branchId == null || operation == null
        ? Optional.empty()
        : Optional.of(
            new CallIdentity(
                parameters.getOrDefault(Keys.TRANS_TYPE, ""), gid, branchId, operation, url));
  }

  private static Map<String, String> parameters(String query) {
    var parameters = new HashMap<String, String>();
    for (var pair : query.split("&", -1)) {
      var equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.putIfAbsent(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.shutdownNow();
  }
}
