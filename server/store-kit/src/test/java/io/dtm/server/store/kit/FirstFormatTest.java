package io.dtm.server.store.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Records of servers of the first format, as they wrote them: read for ever, and written still, so
 * that such a server may share a store with this one.
 */
final class FirstFormatTest {
  private static final HexFormat HEX = HexFormat.of();

  private final Map<Gid, Stored> fixtures = fixtures();

  /** One line of the fixture: gid, definition, appended branches, progress. */
  private record Stored(String definition, String appended, String progress) {
    GlobalTransaction read(Gid gid) {
      return TransactionRecord.stored(
              HEX.parseHex(definition), HEX.parseHex(appended), HEX.parseHex(progress))
          .read(gid);
    }
  }

  private static Map<Gid, Stored> fixtures() {
    try (var in =
        Objects.requireNonNull(FirstFormatTest.class.getResourceAsStream("first-format.txt"))) {
      var found = new HashMap<Gid, Stored>();
      for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        var parts = line.split("\t", -1);
        found.put(new Gid(parts[0]), new Stored(parts[1], parts[2], parts[3]));
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void recordsOfTheFirstFormatAreReadForEver() {
    var samples = FirstFormatSamples.all();

    assertThat(fixtures).hasSize(2 * samples.size());
    for (var sample : samples) {
      assertThat(fixture(sample.gid()).read(sample.gid())).isEqualTo(sample);
      var grown = new Gid("grown-" + sample.gid());
      assertThat(fixture(grown).read(grown).branches()).isEqualTo(sample.branches());
    }
  }

  @Test
  void whatUsesNothingNewIsWrittenAsBefore() {
    for (var sample : FirstFormatSamples.all()) {
      var record = TransactionRecord.of(sample);

      var stored = fixture(sample.gid());
      assertThat(HEX.formatHex(record.definition())).isEqualTo(stored.definition());
      assertThat(HEX.formatHex(record.progress())).isEqualTo(stored.progress());
      var grown = fixture(new Gid("grown-" + sample.gid()));
      var last = sample.branches().subList(1, sample.branches().size());
      assertThat(HEX.formatHex(RecordCodec.appended(last, sample.definition().createdAt())))
          .isEqualTo(grown.appended());
    }
  }

  private Stored fixture(Gid gid) {
    return Objects.requireNonNull(fixtures.get(gid), gid.value());
  }
}
