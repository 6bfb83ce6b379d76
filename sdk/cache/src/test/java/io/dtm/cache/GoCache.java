package io.dtm.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A process of {@code interop/go-cache}, which uses the published Go library. */
final class GoCache implements AutoCloseable {
  private static final Path FOLDER = Path.of("..", "..", "interop", "go-cache");
  private static final Path PROGRAM = Path.of("target", "go-cache");
  private static final int SECONDS = 30;

  private final JsonMapper json = new JsonMapper();
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<Reply>> open = new ConcurrentHashMap<>();
  private final Process process;
  private final BufferedWriter requests;

  /** What came of a command. */
  record Reply(int id, List<String> values, boolean loaded, String error) {}

  private GoCache(Process process) {
    this.process = process;
    this.requests = process.outputWriter(UTF_8);
    var replies = new Thread(() -> read(process.inputReader(UTF_8)), "replies of go-cache");
    replies.setDaemon(true);
    replies.start();
  }

  static GoCache start(String redis) throws IOException, InterruptedException {
    var program = PROGRAM.toAbsolutePath().toString();
    var build = new ProcessBuilder("go", "build", "-o", program, ".");
    build.directory(FOLDER.toFile()).redirectErrorStream(true);
    Process building;
    try {
      building = build.start();
    } catch (IOException e) {
      throw new IllegalStateException(
          "no Go here (expected: what testing/databases/install installs, run as root)", e);
    }
    var output = new String(building.getInputStream().readAllBytes(), UTF_8);
    if (building.waitFor() != 0) {
      throw new IllegalStateException("go build: " + output);
    }
    return new GoCache(
        new ProcessBuilder(program, "-redis", redis)
            .redirectError(new File("target/go-cache.log"))
            .start());
  }

  private void read(BufferedReader replies) {
    replies
        .lines()
        .forEach(line -> {
          try {
            var reply = json.readValue(line, Reply.class);
            open.remove(reply.id()).complete(reply);
          } catch (IOException e) {
            throw new UncheckedIOException(line, e);
          }
        });
  }

  /** A command under way; the map has whatever else the command needs. */
  CompletableFuture<Reply> begin(String command, List<String> keys, Map<String, ?> more) {
    var id = ids.incrementAndGet();
    var request = new LinkedHashMap<String, Object>(more);
    request.put("id", id);
    request.put("do", command);
    request.put("keys", keys);
    var reply = new CompletableFuture<Reply>().orTimeout(SECONDS, TimeUnit.SECONDS);
    open.put(id, reply);
    try {
      synchronized (requests) {
        requests.write(json.writeValueAsString(request));
        requests.newLine();
        requests.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reply;
  }

  Reply run(String command, List<String> keys, Map<String, ?> more) {
    return begin(command, keys, more).join();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
