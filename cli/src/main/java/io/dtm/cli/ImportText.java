package io.dtm.cli;

import io.dtm.server.transfer.Import;
import io.dtm.server.transfer.ImportReport;
import io.dtm.server.transfer.ReferenceWords;
import java.io.PrintWriter;

/** Says what an import did, or would do. */
final class ImportText {
  private ImportText() {}

  static void print(ImportReport report, PrintWriter out) {
    var isDry = report.mode() == Import.Mode.DRY_RUN;
    var table =
        new Table(2, "mode", "status", isDry ? "would be new" : "new", "already there", "branches");
    report
        .transactions()
        .forEach((kind, tally) ->
            table.add(
                ReferenceWords.of(kind.mode()),
                ReferenceWords.of(kind.status()),
                tally.created(),
                tally.present(),
                tally.branches()));
    var total = report.total();
    table.add("transactions", "", total.created(), total.present(), total.branches());
    table.add("topics", "", report.topics().created(), report.topics().present(), "");
    table.print(out);
    out.println();
    out.println(isDry ? foreseen(report) : verified(report));
    if (isDry) {
      out.println("Nothing was written: this was a dry run. To import, add --apply.");
    }
    out.flush();
  }

  private static String foreseen(ImportReport report) {
    var source = report.source();
    return "%d of %d transactions, %d of %d branches and %d of %d topics can be imported."
        .formatted(
            report.total().count(),
            source.transactions(),
            report.total().branches(),
            source.branches(),
            report.topics().count(),
            source.topics());
  }

  private static String verified(ImportReport report) {
    var source = report.source();
    var verified = report.verified();
    return "Verified: %d of %d transactions, %d of %d branches and %d of %d topics are in the store."
        .formatted(
            verified.transactions(),
            source.transactions(),
            verified.branches(),
            source.branches(),
            verified.topics(),
            source.topics());
  }
}
