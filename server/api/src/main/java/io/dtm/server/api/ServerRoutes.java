package io.dtm.server.api;

import io.dtm.protocol.GidJson;
import io.dtm.protocol.Results;
import io.dtm.protocol.VersionJson;
import java.nio.charset.StandardCharsets;

/** What the server says about itself, and the gids it makes. */
final class ServerRoutes {
  private static final Reply PONG =
      Reply.json(200, "{\"msg\":\"pong\"}".getBytes(StandardCharsets.UTF_8));

  private final GidGenerator gids;
  private final Replies replies;
  private final Reply version;

  ServerRoutes(GidGenerator gids, Replies replies, String version) {
    this.gids = gids;
    this.replies = replies;
    this.version = replies.value(new VersionJson(version));
  }

  Reply version(EdgeRequest request) {
    return version;
  }

  Reply newGid(EdgeRequest request) {
    return replies.value(new GidJson(Results.SUCCESS, gids.next()));
  }

  Reply ping(EdgeRequest request) {
    return PONG;
  }
}
