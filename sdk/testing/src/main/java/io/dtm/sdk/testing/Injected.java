package io.dtm.sdk.testing;

/** What a caller is told instead of the truth; says that it was the test. */
final class Injected {
  static final String REFUSED = "refused (injected)";
  static final String ERROR = "error (injected)";
  static final String SILENCE = "no answer (injected)";

  private Injected() {}
}
