package io.dtm.server.core;

/** How branches are called, unless a branch's URL says otherwise. */
public enum BranchProtocol {
  HTTP,
  JSON_RPC,
  GRPC
}
