package io.dtm.testing.simulation;

import io.dtm.server.core.Gid;
import io.dtm.server.engine.CommandOutcome;
import io.dtm.server.engine.Coordinator;
import io.dtm.server.engine.ResumeRequest;
import java.time.Duration;
import java.util.List;

/**
 * Has what is parked go on, one transaction or all, again and again until it is no longer parked.
 */
final class Operator {
  /** Enough to outlast any outage of the store. */
  private static final int TRIES_MAX = 1_000;

  private final World world;
  private final List<Node> nodes;
  private final History history;
  private final Clients clients;

  Operator(World world, List<Node> nodes, History history, Clients clients) {
    this.world = world;
    this.nodes = nodes;
    this.history = history;
    this.clients = clients;
  }

  /** Somebody will see to it, sooner or later. */
  void resume(String gid) {
    clients.begin(world.millis(100, 10_000), () -> insist(gid));
  }

  private void insist(String gid) {
    for (int i = 0; i < TRIES_MAX && isParked(gid); i++) {
      boolean all = world.chance(50);
      nodes
          .get(world.random.nextInt(nodes.size()))
          .ask(gid, c -> all ? resumeAll(c) : c.retryNow(new Gid(gid)), outcome -> {});
      world.sleep(world.millis(100, 3_000));
    }
  }

  private boolean isParked(String gid) {
    var last = history.of(gid).last;
    return last != null && last.schedule().isParked();
  }

  private CommandOutcome resumeAll(Coordinator coordinator) {
    int limit = world.random.nextInt(1, 4);
    var request = new ResumeRequest(null, "", "", limit, 2, Duration.ZERO, "", false);
    var unused = coordinator.resumeParked(request);
    return new CommandOutcome.Accepted();
  }
}
