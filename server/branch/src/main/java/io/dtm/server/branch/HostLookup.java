package io.dtm.server.branch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/**
 * Looks up hosts on a few threads of its own: the system's look-up may block for many seconds,
 * cannot be interrupted, and would hold the carrier of a virtual thread, so that a few dead names
 * could stop the whole server. Calls that want the same name share one look-up. Thread-safe.
 */
final class HostLookup implements DnsResolver, AutoCloseable {
  /** Names that are being looked up at a time. */
  private static final int THREADS_MAX = 8;

  /** Names that wait to be looked up; beyond it a look-up fails at once. */
  private static final int WAITING_MAX = 1_024;

  private static final int THREAD_IDLE_SECONDS = 30;

  private final SystemLookup system;
  private final LongSupplier patienceNanos;
  private final ThreadPoolExecutor threads;
  private final Map<String, CompletableFuture<InetAddress[]>> running = new ConcurrentHashMap<>();

  /** What the operating system offers. */
  @FunctionalInterface
  interface SystemLookup {
    InetAddress[] addressesOf(String host) throws UnknownHostException;
  }

  /**
   * @param patienceNanos how long the calling thread may wait
   */
  HostLookup(SystemLookup system, LongSupplier patienceNanos) {
    this.system = system;
    this.patienceNanos = patienceNanos;
    this.threads =
        new ThreadPoolExecutor(
            THREADS_MAX,
            THREADS_MAX,
            THREAD_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().name("host-lookup-", 0).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    if (isLiteral(host)) {
      return system.addressesOf(host);
    }
    try {
      return running
          .computeIfAbsent(host, this::start)
          .get(patienceNanos.getAsLong(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      throw unknown(host, "%d other look-ups are waiting".formatted(WAITING_MAX), e);
    } catch (ExecutionException e) {
      throw unknown(host, "no such host", e.getCause());
    } catch (TimeoutException e) {
      throw unknown(host, "look-up takes too long", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown(host, "interrupted while looking it up", e);
    }
  }

  private CompletableFuture<InetAddress[]> start(String host) {
    var addresses = new CompletableFuture<InetAddress[]>();
    threads.execute(() -> lookUp(host, addresses));
    return addresses;
  }

  private void lookUp(String host, CompletableFuture<InetAddress[]> addresses) {
    try {
      addresses.complete(system.addressesOf(host));
    } catch (UnknownHostException | RuntimeException e) {
      addresses.completeExceptionally(e);
    } finally {
      running.remove(host);
    }
  }

  private static UnknownHostException unknown(String host, String why, @Nullable Throwable cause) {
    var unknown = new UnknownHostException(host + ": " + why);
    unknown.initCause(cause);
    return unknown;
  }

  private static boolean isLiteral(String host) {
    return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
