package io.dtm.benchmarks.load;

import java.util.List;

/** A client over HTTP. Confined to the thread of its loop, but for {@link #begin}. */
final class HttpUser implements User {
  private static final int OK = 200;

  private final EventLoop loop;
  private final HttpFlow flow;
  private final List<FlowStep> steps;
  private final HttpConnection server;
  private final HttpConnection participant;

  HttpUser(
      EventLoop loop,
      HttpFlow flow,
      List<FlowStep> steps,
      HttpConnection server,
      HttpConnection participant) {
    this.loop = loop;
    this.flow = flow;
    this.steps = steps;
    this.server = server;
    this.participant = participant;
  }

  @Override
  public void begin(String gid, FlowEnd end) {
    loop.execute(() -> send(gid, 0, end));
  }

  private void send(String gid, int index, FlowEnd end) {
    if (index == steps.size()) {
      end.succeeded();
      return;
    }
    var step = steps.get(index);
    var connection = step.kind() == FlowStep.Kind.TRY ? participant : server;
    connection.send(
        flow.request(step, gid),
        new HttpConnection.Answer() {
          @Override
          public void answered(int status, String body) {
            if (status == OK) {
              send(gid, index + 1, end);
            } else {
              failed("HTTP %d: %.300s".formatted(status, body));
            }
          }

          @Override
          public void failed(String why) {
            end.failed("%s of %s: %s".formatted(step.kind(), gid, why));
          }
        });
  }
}
