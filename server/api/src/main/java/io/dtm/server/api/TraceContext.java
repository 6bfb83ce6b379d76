package io.dtm.server.api;

import io.dtm.protocol.Keys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The trace that a request belongs to, as the W3C recommendation "Trace Context" writes it in
 * headers. It becomes part of the transaction's branch headers, so that every call of a branch, in
 * whatever phase and however late, shows up in the trace of the request that asked for it.
 *
 * @param parent empty when there is none
 * @param state empty when there is none
 */
record TraceContext(String parent, String state) {
  private static final TraceContext NONE = new TraceContext("", "");

  /** Version, trace id, parent id, flags, and what versions to come may add. */
  private static final Pattern PARENT_FORM =
      Pattern.compile(
          "(?<version>[0-9a-f]{2})-(?<trace>[0-9a-f]{32})-(?<parent>[0-9a-f]{16})-[0-9a-f]{2}"
              + "(?<more>-[!-~]{0,200})?");

  private static final String VERSION_KNOWN = "00";
  private static final String VERSION_FORBIDDEN = "ff";
  private static final Pattern ZEROS = Pattern.compile("0+");
  private static final Pattern STATE_FORM = Pattern.compile("[ -~\\t]{1,512}");

  static TraceContext none() {
    return NONE;
  }

  /**
   * Takes the headers of a request; those that are malformed count as absent.
   *
   * @param parents values of the header {@code traceparent}
   * @param states values of the header {@code tracestate}, which may come in parts
   */
  static TraceContext of(List<String> parents, List<String> states) {
    if (parents.size() != 1 || !isParent(parents.getFirst())) {
      return NONE;
    }
    var state = String.join(",", states);
    return new TraceContext(parents.getFirst(), STATE_FORM.matcher(state).matches() ? state : "");
  }

  private static boolean isParent(String text) {
    var parts = PARENT_FORM.matcher(text);
    return parts.matches()
        && !parts.group("version").equals(VERSION_FORBIDDEN)
        && (parts.group("more") == null || !parts.group("version").equals(VERSION_KNOWN))
        && !ZEROS.matcher(parts.group("trace")).matches()
        && !ZEROS.matcher(parts.group("parent")).matches();
  }

  /** The same branch headers with the trace, unless they name one themselves. */
  Map<String, String> addedTo(Map<String, String> headers) {
    if (parent.isEmpty() || has(headers, Keys.TRACEPARENT)) {
      return headers;
    }
    var all = new LinkedHashMap<>(headers);
    all.put(Keys.TRACEPARENT, parent);
    if (!state.isEmpty() && !has(headers, Keys.TRACESTATE)) {
      all.put(Keys.TRACESTATE, state);
    }
    return all;
  }

  private static boolean has(Map<String, String> headers, String name) {
    return headers.keySet().stream().anyMatch(name::equalsIgnoreCase);
  }
}
