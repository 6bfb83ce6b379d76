package io.dtm.server.api.grpc;

/**
 * A request that cannot be understood or asks for what cannot be. The message is for the client:
 * which field, what it was, what it should be.
 */
final class InvalidRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int VALUE_LENGTH_MAX = 80;

  private final String explanation;

  private InvalidRequest(String explanation) {
    super(explanation, null, false, false);
    this.explanation = explanation;
  }

  static InvalidRequest of(String field, Object value, String expected) {
    return new InvalidRequest(
        "%s: %s (expected: %s)".formatted(shortened(field), shortened(value.toString()), expected));
  }

  /** For the few texts that clients know by heart. */
  static InvalidRequest saying(String message) {
    return new InvalidRequest(message);
  }

  /** What to tell the client. */
  String explanation() {
    return explanation;
  }

  /** Short enough for a log line and free of control characters. */
  private static String shortened(String value) {
    if (value.isEmpty()) {
      return "missing";
    }
    var text = new StringBuilder();
    int end = Math.min(value.length(), VALUE_LENGTH_MAX);
    for (int i = 0; i < end; i++) {
      char c = value.charAt(i);
      text.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '\uFFFD' : c);
    }
    return value.length() > end
        ? text.append("… (").append(value.length()).append(" characters)").toString()
        : text.toString();
  }
}
