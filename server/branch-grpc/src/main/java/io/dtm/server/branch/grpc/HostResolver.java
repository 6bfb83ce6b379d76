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
import java.util.concurrent.Executor;
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
  private final Executor lookups;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile @Nullable Listener2 listener;

  private HostResolver(Target target, Executor lookups) {
    this.target = target;
    this.lookups = lookups;
  }

  /**
   * For a channel to one target.
   *
   * @param lookups where look-ups run, which may block for long
   */
  static NameResolverProvider provider(Target target, Executor lookups) {
    return new Provider(target, lookups);
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
      current.onError(
          Status.UNAVAILABLE.withDescription(
              target.host() + ": too many other look-ups are waiting"));
    }
  }

  private void lookUp(Listener2 informed) {
    try {
      var addresses =
          Arrays.stream(InetAddress.getAllByName(target.host()))
              .map(found -> new InetSocketAddress(found, target.port()))
              .map(EquivalentAddressGroup::new)
              .toList();
      informed.onResult(
          ResolutionResult.newBuilder().setAddressesOrError(StatusOr.fromValue(addresses)).build());
    } catch (UnknownHostException e) {
      informed.onError(
          Status.UNAVAILABLE.withDescription(target.host() + ": no such host").withCause(e));
    }
  }

  @Override
  public void shutdown() {
    listener = null;
  }

  private static final class Provider extends NameResolverProvider {
    private static final int PRIORITY = 5; // there is no other

    private final Target target;
    private final Executor lookups;

    Provider(Target target, Executor lookups) {
      this.target = target;
      this.lookups = lookups;
    }

    @Override
    public NameResolver newNameResolver(URI address, Args args) {
      return new HostResolver(target, lookups);
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
