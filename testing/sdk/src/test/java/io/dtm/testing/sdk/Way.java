package io.dtm.testing.sdk;

/** How the client asks the server, and the server and the client call participants. */
enum Way {
  HTTP,
  GRPC
}
