package io.dtm.server.branch.grpc;

import java.util.regex.Pattern;

/** Where a branch over gRPC is called: {@code host:port/package.Service/Method}. */
sealed interface BranchAddress {

  /**
   * A target to connect to, and the method there.
   *
   * @param method with the service's full name in front, and no leading slash
   */
  record Callable(Target target, String method) implements BranchAddress {}

  /** No such address. {@code why} is for people. */
  record Malformed(String why) implements BranchAddress {}

  /**
   * Whom to connect to.
   *
   * @param host a name, underscores allowed, or an IP address; an IPv6 address without brackets
   */
  record Target(String host, int port) {
    private static final Pattern FORM =
        Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([0-9A-Za-z._-]+)):(\\d{1,5})");
    private static final int PORT_MAX = 65_535;

    @Override
    public String toString() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  static BranchAddress parse(String url) {
    if (url.contains("://")) {
      return new Malformed(
          "call dtmdriver.Use() before you use custom scheme for '%s'".formatted(url));
    }
    int slash = url.indexOf('/');
    if (slash < 0) {
      return new Malformed("bad url: '%s'. no '/' found".formatted(url));
    }
    var method = url.substring(slash + 1);
    var parts = Target.FORM.matcher(url.substring(0, slash));
    if (!parts.matches() || method.isEmpty() || !isVisibleAscii(method)) {
      return malformed(url);
    }
    int port = Integer.parseInt(parts.group(3));
    if (port < 1 || port > Target.PORT_MAX) {
      return malformed(url);
    }
    var host = parts.group(1) == null ? parts.group(2) : parts.group(1);
    return new Callable(new Target(host, port), method);
  }

  private static Malformed malformed(String url) {
    return new Malformed(
        "bad url: '%s' (expected: host:port/package.Service/Method)".formatted(url));
  }

  private static boolean isVisibleAscii(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7F);
  }
}
