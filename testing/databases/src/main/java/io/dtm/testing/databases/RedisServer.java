package io.dtm.testing.databases;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A Redis that appends each write to a file, synced every second. */
public final class RedisServer extends LocalServer {
  private static final String CONFIGURATION = "redis.conf";
  private static final List<String> DURABLE =
      List.of("appendonly yes", "appendfsync everysec", "save \"\"");

  private final Programs programs;
  private final Role role;
  private final List<String> configuration;
  private final List<String> extraArguments;

  /** What a process of the same program is for. */
  private enum Role {
    ALONE,
    IN_CLUSTER,
    SENTINEL
  }

  private RedisServer(
      Programs programs, Role role, List<String> configuration, List<String> extraArguments) {
    super("redis");
    this.programs = programs;
    this.role = role;
    this.configuration = List.copyOf(configuration);
    this.extraArguments = List.copyOf(extraArguments);
  }

  public static boolean isInstalled() {
    return programs().areInstalled();
  }

  public static RedisServer start() {
    return start(List.of());
  }

  /** The arguments come last on the server's command line, so they win over the defaults. */
  public static RedisServer start(List<String> extraArguments) {
    return opened(Role.ALONE, DURABLE, extraArguments);
  }

  /** Tries these ports before any other. */
  static RedisServer start(FreePorts first) {
    var server = new RedisServer(programs().required(), Role.ALONE, DURABLE, List.of());
    server.open(first);
    return server;
  }

  /** A node that knows no other yet and serves no slot. */
  static RedisServer startInCluster(List<String> configuration) {
    var whole = new ArrayList<>(DURABLE);
    whole.addAll(configuration);
    return opened(Role.IN_CLUSTER, whole, List.of());
  }

  static RedisServer startSentinel(List<String> configuration) {
    return opened(Role.SENTINEL, configuration, List.of());
  }

  private static RedisServer opened(
      Role role, List<String> configuration, List<String> extraArguments) {
    var server = new RedisServer(programs().required(), role, configuration, extraArguments);
    server.open();
    return server;
  }

  public String uri() {
    return "redis://" + address();
  }

  String address() {
    return host() + ":" + port();
  }

  /** The port on which nodes of a cluster talk to each other. */
  int clusterPort() {
    return ports().forCluster();
  }

  /** What the server answers to a command; an error of its is an exception. */
  String query(String... command) {
    return Command.output(client(command));
  }

  /** It tells nobody how often it syncs its file. */
  @Override
  public OptionalLong durableCommits() {
    return OptionalLong.empty();
  }

  @Override
  void prepare() {
    // A file, because a replica's role and a sentinel's knowledge are rewritten into it.
    folder().write(CONFIGURATION, configuration);
  }

  @Override
  List<String> command(FreePorts ports) {
    var command = new ArrayList<String>();
    command.add(programs.path("redis-server"));
    command.add(folder().file(CONFIGURATION));
    command.addAll(
        switch (role) {
          case ALONE -> List.of();
          case IN_CLUSTER ->
              List.of(
                  "--cluster-enabled",
                  "yes",
                  "--cluster-port",
                  Integer.toString(ports.forCluster()));
          case SENTINEL -> List.of("--sentinel");
        });
    command.addAll(List.of("--bind", host(), "--port", Integer.toString(ports.forClients())));
    command.addAll(extraArguments);
    return command;
  }

  @Override
  boolean answers(long pid) {
    var info = Command.run(client("INFO"));
    return info.succeeded()
        && info.text().lines().anyMatch(("process_id:" + pid)::equals)
        && info.text().lines().noneMatch("loading:1"::equals);
  }

  @Override
  String stopSignal() {
    return "TERM";
  }

  private List<String> client(String... command) {
    var whole = new ArrayList<String>();
    whole.add(programs.path("redis-cli"));
    whole.addAll(List.of("-e", "-h", host(), "-p", Integer.toString(port())));
    whole.addAll(List.of(command));
    return whole;
  }

  private static Programs programs() {
    return Programs.find("Redis", "redis-server", "redis-cli");
  }
}
