package io.dtm.server.app;

import java.nio.file.Path;

/** Where a value came from. */
public sealed interface Origin {
  String describe();

  /** Built in. */
  record Default() implements Origin {
    @Override
    public String describe() {
      return "default";
    }
  }

  /** A line of the configuration file. */
  record Line(Path file, int number) implements Origin {
    @Override
    public String describe() {
      return file + ":" + number;
    }
  }

  /** An environment variable. */
  record Variable(String name) implements Origin {
    @Override
    public String describe() {
      return "environment " + name;
    }
  }
}
