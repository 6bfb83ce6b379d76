package io.dtm.server.api;

import io.dtm.protocol.NodeListJson;
import io.dtm.server.nodes.NodeDirectory;

/** Questions about the servers that share the store. */
final class NodeRoutes {
  private final NodeDirectory directory;
  private final Replies replies;

  NodeRoutes(NodeDirectory directory, Replies replies) {
    this.directory = directory;
    this.replies = replies;
  }

  Reply living(EdgeRequest request) {
    return replies.value(new NodeListJson(directory.living()));
  }
}
