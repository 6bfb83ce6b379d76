package io.dtm.testing.databases;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A MariaDB whose user is {@code root}, without a password. What it acknowledged survives {@link
 * #kill}: redo and binary log are synced at each commit.
 */
public final class MariaDbServer extends LocalServer {
  private final Programs programs;
  private final List<String> extraArguments;

  private MariaDbServer(Programs programs, List<String> extraArguments) {
    super("mariadb");
    this.programs = programs;
    this.extraArguments = List.copyOf(extraArguments);
  }

  public static boolean isInstalled() {
    return programs().areInstalled();
  }

  public static MariaDbServer start() {
    return start(List.of());
  }

  /** The arguments come last on the server's command line, so they win over the defaults. */
  public static MariaDbServer start(List<String> extraArguments) {
    var server = new MariaDbServer(programs().required(), extraArguments);
    server.open();
    return server;
  }

  /** Ready for a driver: user, password and all. The database must have been created. */
  public String jdbcUrl(String database) {
    return "jdbc:mariadb://%s:%d/%s?user=root&password=&sslMode=disable"
        .formatted(host(), port(), DatabaseName.checked(database));
  }

  public void createDatabase(String name) {
    var unused = query("CREATE DATABASE `%s`".formatted(DatabaseName.checked(name)));
  }

  /** The rows of the answer, columns apart by tabs. */
  String query(String sql) {
    return Command.output(client(sql));
  }

  /** Group commits of the binary log, each synced. */
  @Override
  public OptionalLong durableCommits() {
    return OptionalLong.of(
        Long.parseLong(
            query(
                "SELECT variable_value FROM information_schema.global_status"
                    + " WHERE variable_name = 'BINLOG_GROUP_COMMITS'")));
  }

  @Override
  void prepare() {
    var command = new ArrayList<String>();
    command.add(programs.path("mariadb-install-db"));
    command.addAll(general());
    command.add("--auth-root-authentication-method=normal");
    command.add("--skip-test-db");
    command.add("--skip-name-resolve");
    runFully(command);
  }

  @Override
  List<String> command(FreePorts ports) {
    var command = new ArrayList<String>();
    command.add(programs.path("mariadbd"));
    command.addAll(general());
    command.addAll(
        List.of(
            "--bind-address=" + host(),
            "--port=" + ports.forClients(),
            "--socket=mariadb.sock",
            "--pid-file=mariadb.pid",
            "--skip-name-resolve",
            "--server-id=1",
            "--log-bin=binlog",
            "--sync-binlog=1",
            "--innodb-flush-log-at-trx-commit=1",
            "--character-set-server=utf8mb4",
            "--max-connections=200"));
    command.addAll(extraArguments);
    return command;
  }

  @Override
  boolean answers(long pid) {
    var folderOfAnswer = Command.run(client("SELECT @@datadir"));
    return folderOfAnswer.succeeded() && folderOfAnswer.text().equals(data() + "/");
  }

  @Override
  String stopSignal() {
    return "TERM";
  }

  private List<String> general() {
    // A folder of its own also for temporary tables: as it starts, a MariaDB deletes those that it
    // finds, be they another server's.
    var options =
        new ArrayList<>(
            List.of("--no-defaults", "--datadir=" + data(), "--tmpdir=" + folder().path()));
    if (SystemUser.isRoot()) {
      options.add("--user=root");
    }
    return options;
  }

  private List<String> client(String sql) {
    return List.of(
        programs.path("mariadb"),
        "--no-defaults",
        "--protocol=tcp",
        "--host=" + host(),
        "--port=" + port(),
        "--user=root",
        "--batch",
        "--skip-column-names",
        "--execute=" + sql);
  }

  private String data() {
    return folder().file("data");
  }

  private static Programs programs() {
    return Programs.find("MariaDB", "mariadbd", "mariadb", "mariadb-install-db");
  }
}
