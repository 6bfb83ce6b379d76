package io.dtm.benchmarks.load;

import io.dtm.protocol.grpc.DtmGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Clients over gRPC; they share a few connections, as the threads of a service do. */
final class GrpcUsers implements Users {
  /** Connections to the server, and to the participant. */
  private static final int CHANNELS_MAX = 8;

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<User> users;

  /**
   * @param answerLimit of one request
   */
  GrpcUsers(Flow flow, Address server, Address participant, int count, Duration answerLimit) {
    var requests = new GrpcFlow(flow, participant + "/" + GrpcParticipant.SERVICE + "/");
    int shared = Math.min(count, CHANNELS_MAX);
    var servers = IntStream.range(0, shared).mapToObj(i -> open(server)).toList();
    var participants = IntStream.range(0, shared).mapToObj(i -> open(participant)).toList();
    users =
        IntStream.range(0, count)
            .<User>mapToObj(i ->
                new GrpcUser(
                    requests,
                    flow.mode(),
                    DtmGrpc.newStub(servers.get(i % shared)),
                    participants.get(i % shared),
                    answerLimit))
            .toList();
  }

  private ManagedChannel open(Address address) {
    var channel =
        NettyChannelBuilder.forAddress(address.toSocketAddress())
            .usePlaintext()
            .directExecutor()
            .build();
    channels.add(channel);
    return channel;
  }

  @Override
  public List<User> all() {
    return users;
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
