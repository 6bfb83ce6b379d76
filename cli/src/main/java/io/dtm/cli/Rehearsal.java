package io.dtm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Transactions of each mode, over every wire, those that succeed and those that are undone: what a
 * JVM has to have seen once to be quick at it the next time.
 */
final class Rehearsal {
  private static final int CLIENTS = 4;
  private static final String SCRIPT = "rehearsal.txt";

  private final JsonMapper json = JsonMapper.builder().build();
  private final List<Line> script;
  private final int rounds;

  /** A request as the script has it. */
  private record Line(String route, String body) {}

  /**
   * @param rounds how often each of its clients plays everything
   */
  Rehearsal(int rounds) {
    this.rounds = rounds;
    script = text().lines().filter(line -> !line.startsWith("#")).map(Rehearsal::line).toList();
  }

  private static Line line(String text) {
    int space = text.indexOf(' ');
    return new Line(text.substring(0, space), text.substring(space + 1));
  }

  private static String text() {
    try (var in = Rehearsal.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new IllegalStateException(SCRIPT + ": not in the build");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(SCRIPT, e);
    }
  }

  /**
   * Plays it to its end.
   *
   * @throws RuntimeException when a request was not accepted
   */
  void play(List<RehearsalWire> wires) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var clients =
          IntStream.range(0, CLIENTS)
              .mapToObj(client -> CompletableFuture.runAsync(() -> play(wires, client), threads))
              .toArray(CompletableFuture<?>[]::new);
      CompletableFuture.allOf(clients).join();
    }
  }

  private void play(List<RehearsalWire> wires, int client) {
    for (int round = 0; round < rounds; round++) {
      for (int wire = 0; wire < wires.size(); wire++) {
        play(wires.get(wire), "rehearsal-%d-%d-%d".formatted(client, round, wire));
      }
    }
  }

  private void play(RehearsalWire wire, String gid) {
    for (var line : script) {
      var body = line.body().replace("$GID", gid).replace("$AT", wire.participant());
      wire.send(line.route(), read(body));
    }
  }

  private JsonNode read(String body) {
    try {
      return json.readTree(body);
    } catch (IOException e) {
      throw new IllegalStateException(SCRIPT + ": no JSON: " + body, e);
    }
  }
}
