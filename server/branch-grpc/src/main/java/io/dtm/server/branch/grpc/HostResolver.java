package io.dtm.server.branch.grpc;

import io.dtm.server.branch.grpc.BranchAddress.Target;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Looks up one target's addresses. The library's own resolver knows neither host names with an
 * underscore, which containers often have, nor a limit of the threads that look up dead names. What
 * cannot be found is not looked for again by itself: the next call does that. Thread-safe.
 */
final class HostResolver extends NameResolver {
  private final Target target;
  private final ExecutorService lookups;
  private final AtomicBoolean failed;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile @Nullable Listener2 listener;

  private HostResolver(Target target, ExecutorService lookups, AtomicBoolean failed) {
    this.target = target;
    this.lookups = lookups;
    this.failed = failed;
  }

  @Override
  public String getServiceAuthority() {
    return target.toString();
  }

  @Override
  public void start(Listener2 started) {
    listener = started;
    refresh();
  }

  @Override
  public void refresh() {
    var current = listener;
    if (current == null || !running.compareAndSet(false, true)) {
      return;
    }
    try {
      lookups.execute(() -> {
        running.set(false);
        lookUp(current);
      });
    } catch (RejectedExecutionException e) {
      running.set(false);
      if (!lookups.isShutdown()) {
        fail(current, Status.UNAVAILABLE.withDescription(target.host() + ": too many look-ups"));
      }
    }
  }

  private void lookUp(Listener2 informed) {
    try {
      var addresses =
          Arrays.stream(InetAddress.getAllByName(target.host()))
              .map(found -> new InetSocketAddress(found, target.port()))
              .map(EquivalentAddressGroup::new)
              .toList();
      failed.set(false);
      informed.onResult(
          ResolutionResult.newBuilder().setAddressesOrError(StatusOr.fromValue(addresses)).build());
    } catch (UnknownHostException e) {
      fail(
          informed,
          Status.UNAVAILABLE.withDescription(target.host() + ": no such host").withCause(e));
    }
  }

  private void fail(Listener2 informed, Status why) {
    failed.set(true);
    informed.onError(why);
  }

  @Override
  public void shutdown() {
    listener = null;
  }

  /** Makes the resolvers of a channel to one target. */
  static final class Provider extends NameResolverProvider {
    private static final int PRIORITY = 5; // there is no other

    private final Target target;
    private final ExecutorService lookups;
    private final AtomicBoolean failed = new AtomicBoolean();

    /**
     * @param lookups where look-ups run, which may block for long
     */
    Provider(Target target, ExecutorService lookups) {
      this.target = target;
      this.lookups = lookups;
    }

    /** Whether the last look-up found nothing. */
    boolean hasFailed() {
      return failed.get();
    }

    @Override
    public NameResolver newNameResolver(URI address, Args args) {
      return new HostResolver(target, lookups, failed);
    }

    @Override
    public String getDefaultScheme() {
      return Channels.SCHEME;
    }

    @Override
    protected boolean isAvailable() {
      return true;
    }

    @Override
    protected int priority() {
      return PRIORITY;
    }
  }
}
