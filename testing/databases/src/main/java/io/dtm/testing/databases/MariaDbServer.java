package io.dtm.testing.databases;

import java.util.ArrayList;
import java.util.List;

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
}
