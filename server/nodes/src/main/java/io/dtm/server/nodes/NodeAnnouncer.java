package io.dtm.server.nodes;

import static io.dtm.protocol.Nodes.CATEGORY;

import io.dtm.protocol.NodeJson;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says every few seconds that this node lives, and looks who else does. Each time costs the store
 * one small write and one small listing, and a deletion for each node that is long dead.
 * Thread-safe.
 */
public final class NodeAnnouncer implements AutoCloseable {
  static final Duration INTERVAL = Duration.ofSeconds(5);

  /** After so long any node removes what a dead one left. */
  static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);

  /** A store that does not answer must not hold up the end of a server. */
  private static final Duration CLOSE_PATIENCE = Duration.ofMillis(500);

  private static final Logger LOG = LoggerFactory.getLogger(NodeAnnouncer.class);

  private final KeyValueStore store;
  private final NodeDirectory directory;
  private final Self self;
  private final InstantSource clock;
  private final Timer timer;
  private final Executor threads;
  private final Work work;
  private final Instant startedAt;

  private final ReentrantLock lock = new ReentrantLock();
  private Set<String> living = new TreeSet<>();
  private long version;
  private volatile boolean closed;

  /** What a node says of itself for as long as it lives. */
  public record Self(String name, String host, int httpPort, int grpcPort, String version) {}

  /**
   * What the work of a node has to do with the others.
   *
   * @param running how many transactions this node works on
   * @param nodes to be told how many nodes live, this one among them, whenever that was looked up
   */
  public record Work(IntSupplier running, IntConsumer nodes) {}

  /**
   * @param clock the store's
   * @param threads where the store is asked, which may block
   */
  public NodeAnnouncer(
      KeyValueStore store,
      Self self,
      InstantSource clock,
      Timer timer,
      Executor threads,
      Work work) {
    this.store = store;
    this.directory = new NodeDirectory(store, clock);
    this.self = self;
    this.clock = clock;
    this.timer = timer;
    this.threads = threads;
    this.work = work;
    this.startedAt = clock.instant();
  }

  /** Announces this node soon, and from then on again and again. */
  public void start() {
    threads.execute(this::announceAndLook);
  }

  private void announceAndLook() {
    lock.lock();
    try {
      if (!closed) {
        announce();
        look();
      }
    } catch (StoreUnavailable e) {
      LOG.debug("node {} could not announce itself", self.name(), e);
    } catch (RuntimeException e) {
      LOG.warn("node {} could not announce itself", self.name(), e);
    } finally {
      lock.unlock();
    }
    if (!closed) {
      var unused = timer.at(clock.instant().plus(INTERVAL), this::start);
    }
  }

  private void announce() {
    if (put()) {
      return;
    }
    // Whether an earlier write took effect was unknown, or others took us for dead.
    version = store.findEntry(CATEGORY, self.name()).map(KeyValueStore.Entry::version).orElse(0L);
    if (!put()) {
      LOG.debug("node {} could not announce itself: somebody else did", self.name());
    }
  }

  private boolean put() {
    var node =
        new NodeJson(
            self.name(),
            self.host(),
            self.httpPort(),
            self.grpcPort(),
            self.version(),
            startedAt.toString(),
            work.running().getAsInt(),
            null);
    boolean written = store.putEntry(CATEGORY, self.name(), directory.write(node), version);
    if (written) {
      version++;
    }
    return written;
  }

  private void look() {
    var found = new TreeSet<String>();
    for (var entry : directory.entries()) {
      if (directory.isWithin(entry, NodeDirectory.SILENCE_MAX)) {
        found.add(entry.key());
      } else if (!directory.isWithin(entry, FORGOTTEN_AFTER)) {
        // Should it live after all, its version has changed or it announces itself anew.
        var unused = store.deleteEntry(CATEGORY, entry.key(), entry.version());
      }
    }
    found.add(self.name());
    tell(found);
    living = found;
    work.nodes().accept(found.size());
  }

  private void tell(Set<String> found) {
    found.stream()
        .filter(name -> !living.contains(name))
        .forEach(name -> LOG.info("node {} joined; {} nodes live", name, found.size()));
    living.stream()
        .filter(name -> !found.contains(name))
        .forEach(name -> LOG.info("node {} left; {} nodes live", name, found.size()));
  }

  /** Says nothing more, and takes back what was said. */
  @Override
  public void close() {
    closed = true;
    try {
      if (lock.tryLock(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          var unused = store.deleteEntry(CATEGORY, self.name(), version);
        } finally {
          lock.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (StoreUnavailable e) {
      LOG.debug("node {} could not sign off; others will notice", self.name(), e);
    }
  }
}
