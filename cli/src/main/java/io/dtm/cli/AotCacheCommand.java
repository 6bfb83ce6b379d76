package io.dtm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code dtm aot-cache}: has a server rehearse, and keeps what its JVM has loaded, linked and
 * learnt, so that later ones need not do it again. The launcher and the image use it.
 */
@Command(
    name = "aot-cache",
    hidden = true,
    description = "Makes the cache from which servers of this JDK, these jars and options start.")
final class AotCacheCommand implements Callable<Integer> {
  /** The first JDK that makes a cache in one step, and keeps profiles of methods in it. */
  private static final int JDK_MIN = 25;

  private static final Duration WRITE_LIMIT = Duration.ofMinutes(2);

  @Parameters(paramLabel = "FILE", description = "Where to put it.")
  private Path file = Path.of("");

  /** Ten let the JVM learn which methods are hot and what types go through them. */
  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How often to rehearse (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    try {
      make(file.toAbsolutePath());
      return CommandLine.ExitCode.OK;
    } catch (IOException e) {
      complain("%s: %s".formatted(file, e));
    } catch (RehearsalFailed e) {
      complain(String.valueOf(e.getMessage()));
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private void complain(String why) {
    Main.complain(spec.commandLine().getErr(), List.of("no AOT cache: " + why));
  }

  private void make(Path file) throws IOException, InterruptedException {
    int jdk = Runtime.version().feature();
    if (jdk < JDK_MIN) {
      throw new RehearsalFailed("JDK %d (expected: %d or newer)".formatted(jdk, JDK_MIN));
    }
    // By way of another name, so that a server finds either the whole file or none.
    var draft = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    var folder = Files.createTempDirectory("dtm-rehearsal");
    try {
      rehearse(draft, folder);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
      delete(folder);
    }
  }

  private void rehearse(Path draft, Path folder) throws IOException, InterruptedException {
    try (var server = RehearsalServer.start(draft, folder)) {
      var address = server.awaitReady();
      try (var http = new RehearsalHttp(address.url());
          var grpc = new RehearsalGrpc(address.grpcTarget())) {
        new Rehearsal(rounds).play(List.of(http, grpc));
        http.look();
      } catch (RuntimeException e) {
        throw new RehearsalFailed("%s%n%s".formatted(e, server.output()), e);
      }
      server.end(WRITE_LIMIT);
      if (!Files.exists(draft)) {
        throw new RehearsalFailed("the JVM has written none:\n" + server.output());
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
