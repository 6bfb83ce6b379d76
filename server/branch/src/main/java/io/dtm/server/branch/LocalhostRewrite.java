package io.dtm.server.branch;

import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.BranchResult;

/**
 * For a server in a container whose participants run on the host: the first {@code localhost} and
 * the first {@code 127.0.0.1} of a URL become the host's name. Thread-safe.
 */
public record LocalhostRewrite(BranchCaller caller) implements BranchCaller {
  private static final String HOST = "host.docker.internal";

  @Override
  public BranchResult call(BranchCall call) {
    var url = replaceFirst(replaceFirst(call.url(), "localhost"), "127.0.0.1");
    return caller.call(call.withUrl(url));
  }

  private static String replaceFirst(String url, String name) {
    int at = url.indexOf(name);
    return at < 0 ? url : url.substring(0, at) + HOST + url.substring(at + name.length());
  }
}
