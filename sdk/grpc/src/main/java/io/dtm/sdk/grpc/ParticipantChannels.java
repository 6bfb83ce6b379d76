package io.dtm.sdk.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The channels to participants, one for each target. Thread-safe; its lock spans no I/O, for
 * opening and closing a channel only starts the work.
 */
final class ParticipantChannels implements AutoCloseable {
  /** For one too many, the one that was not used for the longest time is given up. */
  private static final int CHANNELS_MAX = 256;

  private final ChannelCredentials credentials;
  private final ReentrantLock lock = new ReentrantLock();

  /** Least recently used first. */
  private final Map<String, ManagedChannel> channels = new LinkedHashMap<>(16, 0.75f, true);

  private boolean closed;

  ParticipantChannels(ChannelCredentials credentials) {
    this.credentials = credentials;
  }

  /**
   * @throws IllegalStateException when it has been closed
   */
  ManagedChannel to(String target) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      var known = channels.get(target);
      if (known != null) {
        return known;
      }
      if (channels.size() >= CHANNELS_MAX) {
        var oldest = channels.entrySet().iterator().next();
        oldest.getValue().shutdown();
        channels.remove(oldest.getKey());
      }
      var opened = Grpc.newChannelBuilder(target, credentials).build();
      channels.put(target, opened);
      return opened;
    } finally {
      lock.unlock();
    }
  }

  /** Calls that are under way end by themselves. */
  @Override
  public void close() {
    closeAll().forEach(ManagedChannel::shutdown);
  }

  private List<ManagedChannel> closeAll() {
    lock.lock();
    try {
      closed = true;
      var all = List.copyOf(channels.values());
      channels.clear();
      return all;
    } finally {
      lock.unlock();
    }
  }
}
