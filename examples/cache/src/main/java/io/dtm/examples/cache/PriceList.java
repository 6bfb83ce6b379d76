package io.dtm.examples.cache;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dtm.cache.CacheUnavailable;
import io.dtm.cache.ConsistentCache;
import io.dtm.client.BranchRequest;
import io.dtm.client.Message;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionResult.RolledBack;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A service with prices. {@link #price} reads through the cache, {@link #change} commits to the
 * database and has a message tag the key as deleted. The manager calls {@code POST /TagAsDeleted},
 * again and again until Redis has confirmed it, and asks {@code GET /IsCommitted} when a change
 * ended without a word. Thread-safe.
 */
public final class PriceList implements AutoCloseable {
  private static final Duration EXPIRY = Duration.ofMinutes(10);
  private static final int THREADS = 4;
  private static final int BODY_BYTES_MAX = 64 * 1024;

  private final JsonMapper json = new JsonMapper();
  private final Prices prices = new Prices();
  private final ConsistentCache<String> cache;
  private final TransactionClient client;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  private PriceList(URI manager, ConsistentCache<String> cache, HttpServer server) {
    this.client = TransactionClient.of(manager.toString());
    this.cache = cache;
    this.server = server;
  }

  /**
   * Opens a price list on a free port of the loopback interface.
   *
   * @param cache stays the caller's
   */
  public static PriceList open(URI manager, ConsistentCache<String> cache) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var server = HttpServer.create(address, 0);
      var list = new PriceList(manager, cache, server);
      server.createContext("/TagAsDeleted", list::tagAsDeleted);
      server.createContext("/IsCommitted", list::isCommitted);
      server.setExecutor(list.threads);
      server.start();
      return list;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes a price and reads it, at the manager and the Redis whose URLs are given. */
  public static void main(String[] arguments) {
    var manager = arguments.length > 0 ? arguments[0] : "http://127.0.0.1:36789";
    var redis = arguments.length > 1 ? arguments[1] : "redis://127.0.0.1:6379";
    try (var client = RedisClient.create(redis);
        var cache = ConsistentCache.builder(client).build();
        var list = open(URI.create(manager), cache)) {
      System.out.println("before: " + list.price("tea"));
      System.out.println("message " + list.change("tea", 120));
      System.out.println("after:  " + list.price("tea"));
    }
  }

  /** The price in cents; empty for an item that there is not. */
  public Optional<Long> price(String item) {
    return cache
        .fetch(key(item), EXPIRY, () -> prices.find(item).map(Object::toString))
        .map(Long::valueOf);
  }

  /**
   * Changes a price; the cache follows soon after. The manager is told first, so that it knows of
   * the change whatever becomes of this process.
   *
   * @return the gid of the message
   * @throws IllegalStateException when it took so long that the manager has given the change up
   */
  public String change(String item, long cents) {
    var message = message(item);
    var result = message.doAndSubmit(checkBack(), gid -> prices.set(gid, item, cents));
    if (result instanceof RolledBack) {
      throw new IllegalStateException("%s: too late, nothing was changed".formatted(item));
    }
    return message.gid();
  }

  /** Has the key tagged as deleted, once the change of the price is committed. */
  Message message(String item) {
    return client.message().step(url() + "/TagAsDeleted", Map.of("key", key(item)));
  }

  /** Where the manager asks whether a change is committed, should it not hear. */
  String checkBack() {
    return url() + "/IsCommitted";
  }

  /** What {@link #change} does between its two words to the manager. */
  void commit(Message message, String item, long cents) {
    prices.set(message.gid(), item, cents);
  }

  private static String key(String item) {
    return "price:" + item;
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void tagAsDeleted(HttpExchange call) throws IOException {
    var key = json.readTree(call.getRequestBody().readNBytes(BODY_BYTES_MAX)).path("key").asText();
    try {
      cache.tagAsDeleted(key);
      answer(call, 200, "");
    } catch (CacheUnavailable e) {
      // Anything but a success has the manager call again.
      answer(call, 500, String.valueOf(e.getMessage()));
    }
  }

  private void isCommitted(HttpExchange call) throws IOException {
    var request = BranchRequest.fromQuery(call.getRequestURI().getRawQuery());
    answer(call, prices.isCommitted(request.gid()) ? 200 : 409, "");
  }

  private static void answer(HttpExchange call, int status, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    try (call) {
      call.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      call.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
