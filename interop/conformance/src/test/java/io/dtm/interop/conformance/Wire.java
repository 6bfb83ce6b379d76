package io.dtm.interop.conformance;

/** What a client and a server, or a server and a participant, speak. */
enum Wire {
  HTTP,
  JSON_RPC,
  GRPC
}
