package io.dtm.server.store.redis;

import io.dtm.server.core.StoreUnavailable;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * The connection to the servers. Requests are sent together and then waited for, so that many cost
 * one round trip; those of one slot group are carried out in their order. Thread-safe.
 *
 * <p>While there is no connection every call fails at once, and nothing is sent later. A request
 * whose answer did not come, in time or at all, is {@link StoreUnavailable}: it may have been
 * carried out or not.
 */
final class RedisLink implements AutoCloseable {
  private static final int THREADS = 2;
  private static final Duration RECONNECT_PAUSE = Duration.ofMillis(200);

  /** A field without a value, which is unreadable as whatever it should be. */
  private static final List<byte[]> OF_ANOTHER_KIND = List.of(new byte[0]);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final RedisStoreConfig config;
  private final LongSupplier elapsedNanos = System::nanoTime;
  private final Failures failures;
  private final ClientResources resources;
  private final AbstractRedisClient client;
  private final StatefulConnection<byte[], byte[]> connection;

  RedisLink(RedisStoreConfig config) {
    this.config = config;
    this.failures = new Failures(config.topology().toString(), config.commandTimeout());
    this.resources =
        ClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .reconnectDelay(Delay.constant(RECONNECT_PAUSE))
            .build();
    try {
      this.client = new RedisClients(config, resources).client();
    } catch (RuntimeException e) {
      closeResources();
      throw e;
    }
    try {
      this.connection = RedisClients.connect(client);
    } catch (RedisException e) {
      closeClient();
      throw failures.of(e);
    }
  }

  Failures failures() {
    return failures;
  }

  /** What Redis answers to one request. */
  List<byte[]> send(Request request) {
    return send(List.of(request)).getFirst();
  }

  /** What Redis answers to each request, in their order. */
  List<List<byte[]>> send(List<? extends Request> requests) {
    var pending = dispatch(requests);
    long deadline = elapsedNanos.getAsLong() + config.commandTimeout().toNanos();
    var replies = new ArrayList<List<byte[]>>();
    var forgotten = new ArrayList<Integer>();
    try {
      for (int i = 0; i < pending.size(); i++) {
        try {
          replies.add(await(pending.get(i), deadline));
        } catch (ExecutionException e) {
          if (isForgotten(e)) {
            forgotten.add(i);
            replies.add(List.of());
          } else if (isOfAnotherKind(e, requests.get(i))) {
            replies.add(OF_ANOTHER_KIND);
          } else {
            throw failures.of(e.getCause() == null ? e : e.getCause());
          }
        }
      }
    } finally {
      // What is not done by now nobody waits for.
      pending.forEach(AsyncCommand::cancel);
    }
    teach(requests, forgotten, replies);
    return replies;
  }

  private List<AsyncCommand<byte[], byte[], List<byte[]>>> dispatch(
      Collection<? extends Request> requests) {
    var commands = new ArrayList<AsyncCommand<byte[], byte[], List<byte[]>>>();
    for (var request : requests) {
      commands.add(
          new AsyncCommand<>(new Command<>(request.command(), new Reply(), request.arguments())));
    }
    try {
      // A single one too: of a cluster's node that it is still connecting to, dispatch of one
      // command says that it is not connected.
      if (!commands.isEmpty()) {
        var unused = connection.dispatch(commands);
      }
    } catch (RedisException e) {
      commands.forEach(AsyncCommand::cancel);
      throw failures.of(e);
    }
    return commands;
  }

  private List<byte[]> await(AsyncCommand<byte[], byte[], List<byte[]>> command, long deadlineNanos)
      throws ExecutionException {
    try {
      return command.get(
          Math.max(0, deadlineNanos - elapsedNanos.getAsLong()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw failures.tooSlow(e);
    } catch (CancellationException e) {
      throw failures.of(new ConnectionLost());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.of(e);
    }
  }

  /** A server that was started again, or told to, has forgotten its scripts. */
  private static boolean isForgotten(ExecutionException failure) {
    return failure.getCause() instanceof RedisNoScriptException;
  }

  /** One key that somebody has used for something else must not hold up the others. */
  private static boolean isOfAnotherKind(ExecutionException failure, Request request) {
    return request.command() == CommandType.HGETALL
        && failure.getCause() instanceof RedisCommandExecutionException e
        && String.valueOf(e.getMessage()).startsWith("WRONGTYPE");
  }

  /** Sends scripts again, with their text; a server that did not know them has done nothing. */
  private void teach(
      List<? extends Request> requests, List<Integer> forgotten, List<List<byte[]>> replies) {
    if (forgotten.isEmpty()) {
      return;
    }
    var again = new ArrayList<Request>();
    for (int index : forgotten) {
      again.add(
          requests.get(index) instanceof Request.Run run ? run.taught() : requests.get(index));
    }
    var taught = send(again);
    for (int i = 0; i < forgotten.size(); i++) {
      replies.set(forgotten.get(i), taught.get(i));
    }
  }

  /** Connects to every node that has a group, so that no later call has to wait for that. */
  void connectToAll() {
    var unused =
        send(
            SlotGroup.all().stream()
                .map(group -> new Request.ToNode(group, CommandType.PING, List.of()))
                .toList());
  }

  /** The time of the server that has the settings: the same for all who ask. */
  Instant time() {
    var time = send(new Request.ToNode(SlotGroup.ofSettings(), CommandType.TIME, List.of()));
    return Instant.ofEpochSecond(
        Reply.number(time.get(0)), TimeUnit.MICROSECONDS.toNanos(Reply.number(time.get(1))));
  }

  /**
   * Returns when enough replicas have what was written to these groups. WAIT speaks of its own
   * connection, so it has to take the way that the writes have taken.
   */
  void awaitReplicas(Collection<SlotGroup> groups) {
    if (config.replicas() == 0) {
      return;
    }
    var values =
        List.of(
            Request.number(config.replicas()),
            Request.number(Math.max(1, config.replicasTimeout().toMillis())));
    var requests =
        groups.stream().map(group -> new Request.ToNode(group, CommandType.WAIT, values)).toList();
    for (var reply : send(requests)) {
      long count = Reply.number(reply.getFirst());
      if (count < config.replicas()) {
        throw failures.because(
            "%d replicas have the write (expected: %d within %s); it may be lost or not"
                .formatted(count, config.replicas(), config.replicasTimeout()));
      }
    }
  }

  @Override
  public void close() {
    connection.close();
    closeClient();
  }

  private void closeClient() {
    client.shutdown(Duration.ZERO, CLOSE_TIMEOUT);
    closeResources();
  }

  private void closeResources() {
    // Its threads end by themselves, after the last of their work.
    var unused = resources.shutdown(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
