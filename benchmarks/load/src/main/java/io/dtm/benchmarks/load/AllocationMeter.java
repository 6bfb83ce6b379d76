package io.dtm.benchmarks.load;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.util.Optional;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * How much a JVM on this machine has allocated. Asks the JVM itself, from version 21 on, through
 * its management interface, which is loaded for that.
 */
final class AllocationMeter implements AutoCloseable {
  private static final String THREADS = "java.lang:type=Threading";
  private static final String ALLOCATED = "TotalThreadAllocatedBytes";

  /** On a machine without breath a JVM may not answer in the ten seconds that it is given. */
  private static final int TRIES_MAX = 3;

  private final JMXConnector connector;
  private final MBeanServerConnection beans;

  private AllocationMeter(JMXConnector connector) throws IOException {
    this.connector = connector;
    this.beans = connector.getMBeanServerConnection();
  }

  /** Empty when that process is no JVM, or one that does not tell. */
  static Optional<AllocationMeter> of(long pid) {
    var id = Long.toString(pid);
    // Nothing else may be asked: the request is a signal that would end another program.
    boolean isJvm = VirtualMachine.list().stream().anyMatch(jvm -> jvm.id().equals(id));
    for (int tries = 0; isJvm && tries < TRIES_MAX; tries++) {
      var meter = connect(id);
      if (meter.isPresent()) {
        return meter.filter(one -> !Double.isNaN(one.bytes()));
      }
    }
    return Optional.empty();
  }

  @SuppressWarnings("BanJNDI") // whom it connects to is a JVM of the same user on this machine
  private static Optional<AllocationMeter> connect(String id) {
    try {
      var jvm = VirtualMachine.attach(id);
      try {
        var url = new JMXServiceURL(jvm.startLocalManagementAgent());
        return Optional.of(new AllocationMeter(JMXConnectorFactory.connect(url)));
      } finally {
        jvm.detach();
      }
    } catch (AttachNotSupportedException | IOException e) {
      return Optional.empty();
    }
  }

  /** Bytes since its start, by all its threads; not a number when it does not tell. */
  double bytes() {
    try {
      return ((Number) beans.getAttribute(new ObjectName(THREADS), ALLOCATED)).doubleValue();
    } catch (JMException | IOException e) {
      return Double.NaN;
    }
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException alreadyGone) {
      // it has ended
    }
  }
}
