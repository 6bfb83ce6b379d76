package io.dtm.benchmarks.load;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Clients over HTTP, each with connections of its own, in one thread. */
final class HttpUsers implements Users {
  private final EventLoop loop;
  private final List<User> users = new ArrayList<>();
  private final List<HttpConnection> connections = new ArrayList<>();

  private HttpUsers(EventLoop loop) {
    this.loop = loop;
  }

  /**
   * @param answerLimit of one request
   */
  static HttpUsers start(
      Flow flow, Address server, Address participant, int count, Duration answerLimit) {
    var users = new HttpUsers(EventLoop.start("load"));
    var requests = new HttpFlow(flow, server.toString(), participant.toString());
    for (int i = 0; i < count; i++) {
      users.users.add(
          new HttpUser(
              users.loop,
              requests,
              flow.mode().steps(),
              users.connection(server.toSocketAddress(), answerLimit),
              users.connection(participant.toSocketAddress(), answerLimit)));
    }
    var connections = List.copyOf(users.connections);
    users.loop.onTick(() -> {
      var now = System.nanoTime();
      connections.forEach(connection -> connection.checkDeadline(now));
    });
    return users;
  }

  private HttpConnection connection(InetSocketAddress address, Duration answerLimit) {
    var connection = new HttpConnection(loop, address, answerLimit);
    connections.add(connection);
    return connection;
  }

  @Override
  public List<User> all() {
    return List.copyOf(users);
  }

  @Override
  public void close() {
    loop.close();
  }
}
