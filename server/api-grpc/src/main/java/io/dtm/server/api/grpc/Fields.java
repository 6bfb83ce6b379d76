package io.dtm.server.api.grpc;

import io.dtm.server.core.Gid;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of requests, as complaints name them, and what several requests expect of them. */
final class Fields {
  static final String GID = "Gid";
  static final String TRANS_TYPE = "TransType";
  static final String CUSTOM_DATA = "CustomData";
  static final String PAYLOADS = "BinPayloads";
  static final String QUERY_PREPARED = "QueryPrepared";
  static final String STEPS = "Steps";
  static final String REQUEST_EXTRA = "ReqExtra";
  static final String OPTIONS = "TransOptions";
  static final String BRANCH_ID = "BranchID";
  static final String DATA = "Data";

  /** The width of a branch's id, and of an operation's name, in databases. */
  private static final int NAME_LENGTH_MAX = 128;

  private static final String GID_EXPECTED =
      "1 to " + Gid.LENGTH_MAX + " characters, no control character among them";

  private static final Pattern HTTP_URL =
      Pattern.compile(
          "(?i:https?)://(?:[^@/?#\\s]*@)?(?:\\[[0-9A-Fa-f:.]+]|[^:@/?#\\[\\]\\s]+)(?::(\\d{0,5}))?"
              + "(?:[/?#].*)?",
          Pattern.DOTALL);

  private static final Pattern GRPC_URL =
      Pattern.compile("(?:\\[[0-9A-Fa-f:.]+]|[0-9A-Za-z._-]+):(\\d{1,5})/[!-~]+");

  private static final int PORT_MAX = 65_535;

  private Fields() {}

  /**
   * @throws InvalidRequest when it cannot be one
   */
  static Gid gid(String text) {
    if (text.endsWith(" ")) {
      throw InvalidRequest.of(GID, text, "no space at the end");
    }
    try {
      return new Gid(text);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of(GID, text, GID_EXPECTED);
    }
  }

  /** A name that becomes part of a key, such as a branch's id. */
  static String name(String field, String text) {
    if (text.length() > NAME_LENGTH_MAX || text.chars().anyMatch(Character::isISOControl)) {
      throw InvalidRequest.of(
          field,
          text,
          "at most " + NAME_LENGTH_MAX + " characters, no control character among them");
    }
    return text;
  }

  /**
   * An address that can be called, or an empty text when there is nothing to call: better refused
   * now than called in vain for ever.
   */
  static String address(String field, String url) {
    if (!url.isEmpty() && !isCallable(url)) {
      throw InvalidRequest.of(
          field,
          url,
          "host:port/package.Service/Method, or an address with http:// or https:// and a host,"
              + " or an empty text when there is nothing to call");
    }
    return url;
  }

  private static boolean isCallable(String url) {
    var http = HTTP_URL.matcher(url);
    if (http.matches()) {
      return isPort(http.group(1));
    }
    var grpc = GRPC_URL.matcher(url);
    return grpc.matches() && isPort(grpc.group(1));
  }

  private static boolean isPort(@Nullable String digits) {
    return digits == null || digits.isEmpty() || Integer.parseInt(digits) <= PORT_MAX;
  }
}
