package io.dtm.cli;

import picocli.CommandLine.Option;

/** The option that narrows a command about parked transactions to those of one mode. */
final class ModeOption {
  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Only those of a type: saga, tcc, xa, msg or workflow.")
  private String type = "";

  /** In the words of the wire; empty: any. */
  String type() {
    return type;
  }
}
