package io.dtm.examples.bank;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A bank with an HTTP door on this machine: {@code TransOut} takes from alice, {@code TransIn}
 * gives to bob, each with its {@code …Compensate}, and {@code GET /accounts} shows both. The body
 * of a call is {@code {"amount":30}}; with {@code "refuse":"account frozen"} in it an action is
 * refused for that reason. Thread-safe.
 *
 * <p>It answers as the protocol of the manager has it: 200 for done, 409 with the reason for a
 * refusal, which turns the saga back. Anything else would have the manager call again.
 */
public final class Bank implements AutoCloseable {
  /** Who pays. */
  public static final String PAYER = "alice";

  /** Who is paid. */
  public static final String PAYEE = "bob";

  private static final Map<String, Long> OPENING_BALANCES = Map.of(PAYER, 1_000L, PAYEE, 1_000L);
  private static final int THREADS = 8;
  private static final long AMOUNT_MAX = 1_000_000_000;
  private static final int BODY_BYTES_MAX = 64 * 1024;
  private static final int PORT_DEFAULT = 8081;
  private static final Answer NOT_UNDERSTOOD =
      Answer.refused("body not understood (expected: {\"amount\":30})");

  private final ObjectMapper json =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private final Accounts accounts = new Accounts(OPENING_BALANCES);
  private final HttpServer server;
  private final ExecutorService threads;
  private final InstantSource clock;
  private final Consumer<BankCall> listener;

  private Bank(
      HttpServer server,
      ExecutorService threads,
      InstantSource clock,
      Consumer<BankCall> listener) {
    this.server = server;
    this.threads = threads;
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * Opens a bank.
   *
   * @param port on the loopback interface; 0 for any that is free
   * @param listener is told of every call of the manager once its answer is known, on the thread
   *     that answers
   * @throws UncheckedIOException when the port is taken
   */
  public static Bank open(int port, InstantSource clock, Consumer<BankCall> listener) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      var server = HttpServer.create(address, 0);
      var threads = Executors.newFixedThreadPool(THREADS, daemons());
      var bank = new Bank(server, threads, clock, listener);
      server.setExecutor(threads);
      server.createContext("/", bank::answer);
      server.start();
      return bank;
    } catch (IOException e) {
      throw new UncheckedIOException("port " + port + ": " + e.getMessage(), e);
    }
  }

  /** Runs a bank until the process ends. */
  public static void main(String[] arguments) {
    var port = arguments.length == 0 ? PORT_DEFAULT : Integer.parseInt(arguments[0]);
    var bank = open(port, InstantSource.system(), Bank::print);
    System.out.printf("The bank is open at %s (accounts: %s/accounts)%n", bank.url(), bank.url());
  }

  /** Where it is, such as {@code http://127.0.0.1:8081}. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What everybody has, by name. */
  public Map<String, Long> balances() {
    return accounts.balances();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    accounts.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var name = exchange.getRequestURI().getPath().substring(1);
      var answer = name.equals("accounts") ? balancesAsJson() : carryOut(name, exchange);
      var bytes = answer.text().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      exchange.sendResponseHeaders(answer.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Answer balancesAsJson() throws IOException {
    return new Answer(200, json.writeValueAsString(balances()));
  }

  private Answer carryOut(String name, HttpExchange exchange) throws IOException {
    var branch = BranchCall.from(exchange.getRequestURI());
    if (branch.isEmpty()) {
      return new Answer(400, "gid, branch_id and op are missing: this is for the manager to call");
    }
    var receivedAt = clock.instant();
    var body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX);
    var answer =
        switch (name) {
          case "TransOut" -> book(branch.get(), PAYER, -1, body);
          case "TransIn" -> book(branch.get(), PAYEE, 1, body);
          case "TransOutCompensate" -> undo(branch.get(), PAYER, -1, body);
          case "TransInCompensate" -> undo(branch.get(), PAYEE, 1, body);
          default -> new Answer(404, "no such call: " + name);
        };
    listener.accept(new BankCall(receivedAt, name, branch.get(), answer.status(), answer.text()));
    return answer;
  }

  /** A body that makes no sense is refused as well: asked again, it would make no more sense. */
  private Answer book(BranchCall action, String account, int sign, byte[] body) throws IOException {
    var transfer = transfer(body);
    if (transfer.isEmpty()) {
      return NOT_UNDERSTOOD;
    }
    var refuse = transfer.get().refuse();
    if (refuse != null) {
      return Answer.refused(refuse);
    }
    var amount = transfer.get().amount();
    if (amount <= 0 || amount > AMOUNT_MAX) {
      return Answer.refused("amount: %d (expected: 1 to %d)".formatted(amount, AMOUNT_MAX));
    }
    return accounts.book(action, account, sign * amount)
        ? Answer.done()
        : Answer.refused("balance of %s too low".formatted(account));
  }

  /**
   * The body is that of the action; one that makes no sense was refused then, so undoes nothing.
   */
  private Answer undo(BranchCall compensation, String account, int sign, byte[] body)
      throws IOException {
    var amount = transfer(body).map(Transfer::amount).orElse(0L);
    accounts.undo(compensation, account, sign * amount);
    return Answer.done();
  }

  private Optional<Transfer> transfer(byte[] body) throws IOException {
    try {
      return Optional.ofNullable(json.readValue(body, Transfer.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static void print(BankCall call) {
    System.out.printf(
        "%s %s %s %s: %d %s%n",
        call.receivedAt(),
        call.branch().gid(),
        call.branch().branchId(),
        call.name(),
        call.status(),
        call.answer());
  }

  private static ThreadFactory daemons() {
    return work -> {
      var thread = new Thread(work, "bank");
      thread.setDaemon(true);
      return thread;
    };
  }

  /** The body of an action. */
  private record Transfer(long amount, @Nullable String refuse) {}

  private record Answer(int status, String text) {
    static Answer done() {
      return new Answer(200, "{\"dtm_result\":\"SUCCESS\"}");
    }

    static Answer refused(String reason) {
      return new Answer(409, reason);
    }

    String contentType() {
      return text.startsWith("{") ? "application/json" : "text/plain; charset=utf-8";
    }
  }
}
