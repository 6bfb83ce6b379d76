package io.dtm.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  @Test
  void closesInReverseWhateverFails() {
    var closed = new ArrayList<String>();
    var lifecycle = new Lifecycle();
    lifecycle.onClose("store", () -> closed.add("store"));
    lifecycle.onClose(
        "engine",
        () -> {
          closed.add("engine");
          throw new IllegalStateException("a bug");
        });
    lifecycle.onClose("edge", () -> closed.add("edge"));

    lifecycle.close();
    lifecycle.close();

    assertThat(closed).containsExactly("edge", "engine", "store");
  }
}
