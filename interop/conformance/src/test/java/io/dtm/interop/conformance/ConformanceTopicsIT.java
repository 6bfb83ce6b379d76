package io.dtm.interop.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Named lists of receivers. */
@ExtendWith(ServerUnderTest.class)
class ConformanceTopicsIT {
  private static final String URL = "http://127.0.0.1:1/a";

  private final Bench bench;
  private final String topic = Bench.gid();

  ConformanceTopicsIT(Bench bench) {
    this.bench = bench;
  }

  /** TestTopicNormal: subscribe. */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "GRPC"})
  void takesEachSubscriberOnce(Wire wire) {
    assertThat(bench.topic(wire, "subscribe", topic, URL).succeeded()).isTrue();
    assertThat(bench.topic(wire, "subscribe", topic, URL).message()).contains("this url exists");
    assertThat(bench.topic(wire, "subscribe", topic, URL + "b").succeeded()).isTrue();

    assertThat(bench.topic(wire, "subscribe", "", URL).message()).contains("empty topic");
    assertThat(bench.topic(wire, "subscribe", topic, "").message()).contains("empty url");
  }

  /** TestTopicNormal: unsubscribe. */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "GRPC"})
  void removesOnlySubscribersThatItHas(Wire wire) {
    assertThat(bench.topic(wire, "unsubscribe", topic, URL).message()).contains("no such a topic");
    bench.topic(wire, "subscribe", topic, URL);

    assertThat(bench.topic(wire, "unsubscribe", topic, URL + "b").message())
        .contains("no such an url");
    assertThat(bench.topic(wire, "unsubscribe", topic, URL).succeeded()).isTrue();
    assertThat(bench.topic(wire, "unsubscribe", topic, URL).message())
        .contains("this topic is empty");
  }

  /** TestTopicNormal: delete. */
  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"HTTP", "GRPC"})
  void deletesOnlyTopicsThatAreThere(Wire wire) {
    assertThat(bench.topic(wire, "delete", topic, "").succeeded()).isFalse();
    bench.topic(wire, "subscribe", topic, URL);

    assertThat(bench.topic(wire, "delete", topic, "").succeeded()).isTrue();

    assertThat(bench.get("/api/dtmsvr/queryKV?cat=topics&key=" + topic).body().path("kv"))
        .isEmpty();
  }

  /** TestConcurrentUpdateTopic. */
  @Test
  void countsEveryChangeMadeAtTheSameTime() {
    var changes = new AtomicInteger();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        var url = URL + i;
        executor.execute(() -> change(url, changes));
      }
    }

    var entry = bench.get("/api/dtmsvr/queryKV?cat=topics&key=" + topic).body().path("kv").get(0);

    assertThat(changes.get()).isGreaterThan(1);
    assertThat(entry.path("version").asInt()).isEqualTo(changes.get());
  }

  private void change(String url, AtomicInteger changes) {
    if (bench.topic(Wire.HTTP, "subscribe", topic, url).succeeded()) {
      changes.incrementAndGet();
    }
    if (bench.topic(Wire.HTTP, "unsubscribe", topic, url).succeeded()) {
      changes.incrementAndGet();
    }
  }
}
