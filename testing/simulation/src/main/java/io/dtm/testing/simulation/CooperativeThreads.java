package io.dtm.testing.simulation;

import java.lang.reflect.Constructor;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads that run only when somebody lets them: each time one may go on, its next stretch
 * is handed to an executor. The JDK has this inside, without a public door.
 */
final class CooperativeThreads {
  private static final String BUILDER = "java.lang.ThreadBuilders$VirtualThreadBuilder";
  private static final String NEEDS =
      "a simulation needs a JVM from 21 to 25 that was started with "
          + "--add-opens java.base/java.lang=ALL-UNNAMED";

  static {
    // Else the JVM would keep every thread that a crash has left in the middle. Counts only when no
    // virtual thread was made before.
    System.setProperty("jdk.trackAllThreads", "false");
  }

  private static final @Nullable Constructor<?> CONSTRUCTOR = constructor();

  private CooperativeThreads() {}

  /**
   * Makes threads whose stretches go to {@code scheduler}.
   *
   * @throws SimulationUnsupported when this JVM cannot do so
   */
  static ThreadFactory over(Executor scheduler) {
    if (CONSTRUCTOR == null) {
      throw new SimulationUnsupported(NEEDS);
    }
    try {
      return ((Thread.Builder) CONSTRUCTOR.newInstance(scheduler)).factory();
    } catch (ReflectiveOperationException e) {
      throw new SimulationUnsupported(NEEDS + ": " + e);
    }
  }

  private static @Nullable Constructor<?> constructor() {
    try {
      var found = Class.forName(BUILDER).getDeclaredConstructor(Executor.class);
      found.setAccessible(true);
      return found;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }
}
