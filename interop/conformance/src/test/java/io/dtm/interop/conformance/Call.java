package io.dtm.interop.conformance;

import java.util.Map;

/**
 * What a participant was asked.
 *
 * @param target the last part of the path, or the JSON-RPC method
 * @param headers the HTTP headers or gRPC metadata, names in lower case
 */
record Call(
    Wire wire,
    String gid,
    String branch,
    String op,
    String type,
    String verb,
    String target,
    String query,
    Map<String, String> headers,
    String body) {

  /** Branch and operation, such as {@code 01 action}. */
  String name() {
    return branch + " " + op;
  }
}
