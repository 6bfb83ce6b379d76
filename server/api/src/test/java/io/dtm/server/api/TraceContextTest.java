package io.dtm.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @ParameterizedTest
  @ValueSource(
      strings = {
        PARENT,
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-brings"
      })
  void takesEveryWellFormedParent(String parent) {
    assertThat(TraceContext.of(List.of(parent), List.of())).isEqualTo(new TraceContext(parent, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 ",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-a b"
      })
  void ignoresAMalformedParentAndItsState(String parent) {
    assertThat(TraceContext.of(List.of(parent), List.of("a=b"))).isEqualTo(TraceContext.none());
  }

  @Test
  void ignoresParentsThatAreNotOne() {
    assertThat(TraceContext.of(List.of(), List.of("a=b"))).isEqualTo(TraceContext.none());
    assertThat(TraceContext.of(List.of(PARENT, PARENT), List.of())).isEqualTo(TraceContext.none());
  }

  @Test
  void joinsThePartsOfTheState() {
    assertThat(TraceContext.of(List.of(PARENT), List.of("a=1", "b=2, c=3")).state())
        .isEqualTo("a=1,b=2, c=3");
  }

  @Test
  void dropsAStateThatCannotBeHandedOn() {
    assertThat(TraceContext.of(List.of(PARENT), List.of("a=ü")).state()).isEmpty();
    assertThat(TraceContext.of(List.of(PARENT), List.of("a=" + "x".repeat(511))).state()).isEmpty();
    assertThat(TraceContext.of(List.of(PARENT), List.of("a=" + "x".repeat(510))).state())
        .hasSize(512);
  }

  @Test
  void leavesHeadersAloneThatNameATraceThemselves() {
    var trace = new TraceContext(PARENT, "a=1");
    var own = Map.of("TraceParent", "mine");

    assertThat(trace.addedTo(own)).isEqualTo(own);
    assertThat(trace.addedTo(Map.of("tracestate", "mine")))
        .isEqualTo(Map.of("tracestate", "mine", "traceparent", PARENT));
    assertThat(TraceContext.none().addedTo(Map.of("X", "y"))).isEqualTo(Map.of("X", "y"));
  }
}
