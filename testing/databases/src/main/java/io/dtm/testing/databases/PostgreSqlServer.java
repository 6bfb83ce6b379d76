package io.dtm.testing.databases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * A PostgreSQL whose user is {@code postgres}, without a password. What it acknowledged survives
 * {@link #kill}; prepared transactions are allowed. PostgreSQL refuses to run as root: there it
 * runs as the system's user {@code postgres}.
 */
public final class PostgreSqlServer extends LocalServer {
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
  private static final String USER = "postgres";

  private final Programs programs;
  private final List<String> extraArguments;

  private PostgreSqlServer(Programs programs, List<String> extraArguments) {
    super("postgresql");
    this.programs = programs;
    this.extraArguments = List.copyOf(extraArguments);
  }

  public static boolean isInstalled() {
    return programs().areInstalled();
  }

  public static PostgreSqlServer start() {
    return start(List.of());
  }

  /** The arguments come last on the server's command line, so they win over the defaults. */
  public static PostgreSqlServer start(List<String> extraArguments) {
    var server = new PostgreSqlServer(programs().required(), extraArguments);
    server.open();
    return server;
  }

  /** Ready for a driver: user and all. The database must have been created. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://%s:%d/%s?user=%s&sslmode=disable"
        .formatted(host(), port(), DatabaseName.checked(database), USER);
  }

  public void createDatabase(String name) {
    var unused = query("CREATE DATABASE \"%s\"".formatted(DatabaseName.checked(name)));
  }

  /** The rows of the answer, columns apart by bars. */
  String query(String sql) {
    return Command.output(client(sql));
  }

  /** Syncs of the write-ahead log. */
  @Override
  public OptionalLong durableCommits() {
    return OptionalLong.of(Long.parseLong(query("SELECT wal_sync FROM pg_stat_wal")));
  }

  @Override
  void prepare() {
    if (SystemUser.isRoot()) {
      folder().giveTo(USER);
    }
    runFully(
        asServer(
            programs.path("initdb"),
            "--pgdata=" + data(),
            "--username=" + USER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync"));
  }

  @Override
  List<String> command(FreePorts ports) {
    var command =
        asServer(
            programs.path("postgres"),
            "-D",
            data(),
            "--listen_addresses=" + host(),
            "--port=" + ports.forClients(),
            "--unix_socket_directories=",
            "--fsync=on",
            "--synchronous_commit=on",
            "--max_connections=200",
            "--max_prepared_transactions=200");
    command.addAll(extraArguments);
    return command;
  }

  @Override
  boolean answers(long pid) {
    var folderOfAnswer = Command.run(client("SHOW data_directory"));
    return folderOfAnswer.succeeded() && folderOfAnswer.text().equals(data());
  }

  /** Ends open sessions; SIGTERM would wait for them. */
  @Override
  String stopSignal() {
    return "INT";
  }

  private static List<String> asServer(String... command) {
    var whole = new ArrayList<String>();
    if (SystemUser.isRoot()) {
      whole.addAll(
          List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups", "--"));
    }
    whole.addAll(List.of(command));
    return whole;
  }

  private List<String> client(String sql) {
    return List.of(
        programs.path("psql"),
        "--no-psqlrc",
        "--no-password",
        "--tuples-only",
        "--no-align",
        "--host=" + host(),
        "--port=" + port(),
        "--username=" + USER,
        "--dbname=postgres",
        "--command=" + sql);
  }

  private String data() {
    return folder().file("data");
  }

  /** Debian keeps each version in a folder of its own; the PATH has wrappers at best. */
  private static Programs programs() {
    return Programs.findIn(
        newestFirst().stream().map(version -> version.resolve("bin")).limit(1).toList(),
        "PostgreSQL",
        "initdb",
        "postgres",
        "psql");
  }

  private static List<Path> newestFirst() {
    if (!Files.isDirectory(VERSIONS)) {
      return List.of();
    }
    try (var versions = Files.list(VERSIONS)) {
      return versions
          .filter(version -> version.getFileName().toString().matches("[0-9]{1,4}"))
          .filter(version -> Files.isExecutable(version.resolve("bin/postgres")))
          .sorted(Comparator.comparingInt(PostgreSqlServer::number).reversed())
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot read " + VERSIONS, failure);
    }
  }

  private static int number(Path version) {
    return Integer.parseInt(version.getFileName().toString());
  }
}
