package io.dtm.cli;

import io.dtm.server.app.ConfigInvalid;
import io.dtm.server.app.LogConfig;
import io.dtm.server.app.Logging;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.stores.StoreUnusable;
import io.dtm.server.transfer.ReferenceUnreadable;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;

/** What the commands that carry transactions from store to store have in common. */
final class TransferExit {
  private TransferExit() {}

  /**
   * Runs a command and says what kept it from its work.
   *
   * @param work tells whether all went well
   */
  static int of(PrintWriter err, Supplier<Boolean> work) {
    Logging.apply(new LogConfig("warn", LogConfig.defaults().outputs()));
    try {
      return work.get() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    } catch (ConfigInvalid e) {
      Main.complain(err, e.problems());
    } catch (ReferenceUnreadable | StoreUnavailable | StoreUnusable e) {
      Main.complain(err, List.of(String.valueOf(e.getMessage())));
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
