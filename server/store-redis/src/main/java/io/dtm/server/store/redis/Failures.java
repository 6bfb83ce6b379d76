package io.dtm.server.store.redis;

import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.StoredRecordUnreadable;
import io.dtm.server.store.kit.RecordUnreadable;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisReadOnlyException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says what went wrong in the words of whoever runs the servers.
 *
 * @param servers as they are to be printed
 */
record Failures(String servers, Duration commandTimeout) {
  /** Causes may go in a circle. */
  private static final int CAUSES_MAX = 20;

  private static final String TLS = "rediss://";
  private static final String UNKNOWN = "a write may have happened or not";

  /** What an answer begins with, and what it means. */
  private static final Map<String, String> ANSWERS =
      Map.of(
          "OOM", "out of memory: raise maxmemory, or delete",
          "CLUSTERDOWN", "the cluster is down: some slots have no master",
          "MASTERDOWN", "the connection to the master is lost",
          "NOREPLICAS", "too few replicas for min-replicas-to-write",
          "MISCONF", "it cannot write to its disk",
          "NOPERM", "the user may not do that: see ACL",
          "NOAUTH", "a password is asked for and none is configured",
          "WRONGPASS", "user or password is wrong",
          "TRYAGAIN", "a slot is being moved to another node",
          "WRONGTYPE", "a key is in use for something else: choose another prefix");

  StoreUnavailable of(RecordUnreadable failure) {
    return new StoredRecordUnreadable(
        "redis " + servers, String.valueOf(failure.getMessage()), failure);
  }

  StoreUnavailable of(Throwable failure) {
    return new StoreUnavailable(
        "redis %s: %s".formatted(servers, oneLine(meaning(failure))), failure);
  }

  StoreUnavailable because(String reason) {
    return new StoreUnavailable("redis %s: %s".formatted(servers, reason));
  }

  StoreUnavailable tooSlow(Throwable cause) {
    return new StoreUnavailable(
        "redis %s: no answer within %s; %s".formatted(servers, commandTimeout, UNKNOWN), cause);
  }

  private String meaning(Throwable failure) {
    return switch (failure) {
      case RedisLoadingException e -> "it is reading its data and not ready yet";
      case RedisBusyException e -> "it is busy with a script: " + e.getMessage();
      case RedisReadOnlyException e -> "it is a replica, not the master: a fail-over is under way";
      case RedisCommandExecutionException e -> answer(String.valueOf(e.getMessage()));
      case RedisCommandTimeoutException e ->
          "no answer within %s; %s".formatted(commandTimeout, UNKNOWN);
      case RedisConnectionException e -> "cannot connect: " + connecting(e);
      case InterruptedException e -> "interrupted while waiting for the answer; " + UNKNOWN;
      case ConnectionLost e -> lost();
      case IOException e -> "%s (%s)".formatted(lost(), e.getMessage());
      default -> unexpected(String.valueOf(failure.getMessage()));
    };
  }

  private String connecting(RedisConnectionException e) {
    var host = unknownHost(e);
    if (host != null) {
      return "a host is not known on this machine: " + host;
    }
    var message = String.valueOf(root(e).getMessage());
    // Who speaks TLS and who does not wait for each other.
    return servers.contains(TLS) && message.contains("timed out")
        ? message + " (expected: servers that speak TLS; for others it is redis://)"
        : message;
  }

  private static @Nullable String unknownHost(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; i < CAUSES_MAX && cause != null; i++) {
      if (cause instanceof UnknownHostException) {
        return cause.getMessage();
      }
      cause = cause.getCause();
    }
    return null;
  }

  private static String lost() {
    return "the connection broke before the answer came; " + UNKNOWN;
  }

  private static String unexpected(String message) {
    return message.startsWith("Currently not connected")
        ? "not connected; trying again all the time"
        : "%s; %s".formatted(message, UNKNOWN);
  }

  private static String answer(String message) {
    int end = message.indexOf(' ');
    var meaning = ANSWERS.get(end < 0 ? message : message.substring(0, end));
    return meaning == null ? message : "%s (%s)".formatted(meaning, message);
  }

  private static String oneLine(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private static Throwable root(Throwable failure) {
    var root = failure;
    for (int i = 0; i < CAUSES_MAX && root.getCause() != null; i++) {
      root = root.getCause();
    }
    return root;
  }
}
