package io.dtm.server.store.rocksdb;

import static io.dtm.server.core.TransactionMode.SAGA;
import static io.dtm.server.core.TransactionStatus.FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Gid;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeysTest {
  private static final byte[] GID = "a".getBytes(StandardCharsets.US_ASCII);
  private static final List<Instant> TIMES =
      List.of(
          Instant.MIN,
          Instant.parse("1969-12-31T23:59:59.999999999Z"),
          Instant.EPOCH,
          Instant.ofEpochSecond(0, 1),
          Instant.parse("2026-01-01T00:00:00Z"),
          Instant.parse("2026-01-01T00:00:00.000000001Z"),
          Instant.MAX);

  @Test
  void timesSortAsInstantsDo() {
    for (int i = 1; i < TIMES.size(); i++) {
      var earlier = TIMES.get(i - 1);
      var later = TIMES.get(i);
      assertThat(Keys.isBefore(Keys.time(earlier, -1, GID), Keys.time(later, 1, GID))).isTrue();
      assertThat(Keys.isBefore(Keys.lastAt(earlier), Keys.firstAt(later))).isTrue();
    }
  }

  @Test
  void timesAreReadBack() {
    for (var time : TIMES) {
      var key = Keys.time(time, 7, GID);
      assertThat(Keys.timeOf(key)).isEqualTo(time);
      assertThat(Keys.gidOfTime(key)).isEqualTo(GID);
      assertThat(Keys.isBefore(Keys.firstAt(time), key)).isTrue();
      assertThat(Keys.isBefore(Keys.time(time, -1, GID), Keys.lastAt(time))).isTrue();
    }
  }

  @Test
  void placesSortNewestFirst() {
    for (int i = 1; i < TIMES.size(); i++) {
      var earlier = Keys.listingPlace(Keys.listing(FAILED, SAGA, TIMES.get(i - 1), GID));
      var later = Keys.listingPlace(Keys.listing(FAILED, SAGA, TIMES.get(i), GID));
      assertThat(Keys.isBefore(later, earlier)).isTrue();
      assertThat(Keys.isBefore(earlier, Keys.lastPlace())).isTrue();
      assertThat(Keys.isPlace(earlier)).isTrue();
      assertThat(Keys.gidOfPlace(earlier)).isEqualTo(GID);
    }
  }

  @Test
  void gidsAreReadBack() {
    for (var text : List.of("a", "köln", "東京", "🚀", "퟿")) {
      assertThat(Keys.gid(Keys.gid(new Gid(text)))).isEqualTo(new Gid(text));
    }
  }

  @Test
  void settingsAreToldApartEvenWhenTheirNamesAreNotUnicode() {
    var names = List.of("\uD83D", "\uDE80", "a\uDE80b", "a\uD83Db", "🚀", "?");

    assertThat(names.stream().map(name -> Arrays.toString(Keys.entry("topics", name))))
        .doesNotHaveDuplicates();
  }

  @Test
  void branchesOfOneGidAreNotAmongThoseOfAnother() {
    var last = Keys.branch(Keys.gid(new Gid("a")), Integer.MAX_VALUE);

    for (var other : List.of("a b", "a1", "aa", "aé")) {
      assertThat(Keys.isBefore(last, Keys.branch(Keys.gid(new Gid(other)), 0))).isTrue();
    }
  }
}
