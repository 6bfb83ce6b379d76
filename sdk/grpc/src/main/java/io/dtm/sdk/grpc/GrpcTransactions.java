package io.dtm.sdk.grpc;

import static java.util.Objects.requireNonNull;

import io.dtm.client.BranchTransport;
import io.dtm.client.ManagerTransport;
import io.dtm.client.TransactionClient;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TransactionClient} over gRPC, and the connections that it needs. One per application is
 * enough. Thread-safe.
 *
 * <pre>{@code
 * try (var transactions = GrpcTransactions.of("127.0.0.1:36790")) {
 *   var client = transactions.client();
 *   client
 *       .saga()
 *       .step(bank + "/bank.Bank/TransOut", bank + "/bank.Bank/TransOutBack", Payload.of(bytes))
 *       .submit();
 * }
 * }</pre>
 *
 * <p>Participants are addressed as {@code 10.0.0.7:9090/bank.Bank/TransOut}, with a protobuf
 * message as payload; those at {@code http://} and {@code https://} addresses are called over HTTP,
 * in the same transaction if need be.
 *
 * <p>With several targets, each of a manager on the same store, a request goes to the next one when
 * one cannot be reached, does not answer in time or is overloaded.
 */
public final class GrpcTransactions implements AutoCloseable {
  private final List<GrpcTransport> managers;
  private final GrpcParticipants participants;
  private final TransactionClient client;

  private GrpcTransactions(Builder builder) {
    var credentials = builder.credentials;
    managers =
        builder.targets.stream()
            .map(target ->
                new GrpcTransport(target, credentials, builder.requestTimeout, builder.fallback))
            .toList();
    participants =
        new GrpcParticipants(
            credentials,
            builder.branchTimeout,
            BranchTransport.http(builder.httpClient(), builder.branchTimeout));
    client =
        TransactionClient.builder()
            .transport(ManagerTransport.failover(managers))
            .participants(participants)
            .build();
  }

  /**
   * With the default timeouts, and without TLS.
   *
   * @param targets where the managers are, such as {@code 127.0.0.1:36790}, in the syntax of gRPC;
   *     one at least
   */
  public static GrpcTransactions of(String... targets) {
    requireNonNull(targets, "targets");
    var builder = builder();
    for (var target : targets) {
      builder.target(target);
    }
    return builder.build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** To be used until this is closed. */
  public TransactionClient client() {
    return client;
  }

  /** Takes no new calls, and closes each connection once those under way are over. */
  @Override
  public void close() {
    managers.forEach(GrpcTransport::close);
    participants.close();
  }

  /** Collects what is needed. Not thread-safe. */
  public static final class Builder {
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration BRANCH_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** More is taken for a mistake, and would overflow the timers. */
    private static final Duration TIMEOUT_MAX = Duration.ofDays(365);

    private final List<String> targets = new ArrayList<>();
    private ChannelCredentials credentials = InsecureChannelCredentials.create();
    private Duration requestTimeout = REQUEST_TIMEOUT;
    private Duration branchTimeout = BRANCH_TIMEOUT;
    private @Nullable ManagerTransport fallback;
    private @Nullable HttpClient httpClient;

    private Builder() {}

    /**
     * Adds a manager, such as {@code 127.0.0.1:36790} or {@code dns:///dtm:36790}. Those added
     * first are asked first.
     */
    public Builder target(String target) {
      targets.add(requireNonNull(target, "target"));
      return this;
    }

    /** For TLS, to managers and participants alike. Default: plain text. */
    public Builder credentials(ChannelCredentials credentials) {
      this.credentials = requireNonNull(credentials, "credentials");
      return this;
    }

    /**
     * How long to wait for an answer before the manager counts as unreachable. A submit that waits
     * for the result takes as long as the participants do. Default: 30 seconds.
     */
    public Builder requestTimeout(Duration timeout) {
      requestTimeout = requirePositive(timeout);
      return this;
    }

    /**
     * How long to wait for the answer of a participant that this client calls itself: a try, an XA
     * branch's work, a check-back. Default: 10 seconds.
     */
    public Builder branchTimeout(Duration timeout) {
      branchTimeout = requirePositive(timeout);
      return this;
    }

    /**
     * Another way to the same managers, for what they do not offer over gRPC: DTM itself tells over
     * HTTP only how a transaction stands, as {@code waitFor}, and a submit that waits, need to
     * know.
     *
     * @param client a client over HTTP
     */
    public Builder oversight(TransactionClient client) {
      fallback = client.transport();
      return this;
    }

    /** The HTTP client for participants at URLs, in place of one of our own. */
    public Builder httpClient(HttpClient client) {
      httpClient = requireNonNull(client, "client");
      return this;
    }

    /**
     * HTTP/1.1, because the attempt to upgrade costs every new connection a detour that most
     * participants decline.
     */
    private HttpClient httpClient() {
      return httpClient == null
          ? HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT_TIMEOUT)
              .build()
          : httpClient;
    }

    /**
     * Opens no connection yet.
     *
     * @throws IllegalStateException when there is no target
     */
    public GrpcTransactions build() {
      if (targets.isEmpty()) {
        throw new IllegalStateException("no target (expected: 1 at least)");
      }
      return new GrpcTransactions(this);
    }

    private static Duration requirePositive(Duration timeout) {
      requireNonNull(timeout, "timeout");
      if (timeout.isNegative() || timeout.isZero()) {
        throw new IllegalArgumentException(
            "timeout: %s (expected: more than zero)".formatted(timeout));
      }
      if (timeout.compareTo(TIMEOUT_MAX) > 0) {
        throw new IllegalArgumentException(
            "timeout: %s (expected: %s at most)".formatted(timeout, TIMEOUT_MAX));
      }
      return timeout;
    }
  }
}
