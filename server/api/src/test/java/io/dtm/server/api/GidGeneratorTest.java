package io.dtm.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GidGeneratorTest {
  @Test
  void writesTheNumberLeastSignificantDigitFirst() {
    assertThat(GidGenerator.encode(0, 0)).isEqualTo("2".repeat(22));
    assertThat(GidGenerator.encode(0, 58)).isEqualTo("33" + "2".repeat(20));
    assertThat(GidGenerator.encode(-1, -1)).isEqualTo("5B8cwPMGnU6qLbRvo7qEZo");
    assertThat(GidGenerator.encode(0x0123456789ABCDEFL, 0xFEDCBA9876543210L))
        .isEqualTo("hivbd4iFwAbvT6estViYD2");
  }

  @Test
  void makesTwentyTwoUnmistakableCharactersThatDoNotRepeat() {
    var generator = new GidGenerator(new Random(1));

    var gids = Stream.generate(generator::next).limit(10_000).toList();

    assertThat(gids)
        .doesNotHaveDuplicates()
        .allMatch(gid -> gid.matches("[2-9A-HJ-NP-Za-km-z]{22}"));
  }
}
