package io.dtm.testing.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
  @Test
  void saysHowToGetWhatIsMissing(@TempDir Path empty) {
    var programs = Programs.findIn(List.of(empty), "MariaDB", "mariadbd", "mariadb");

    assertThat(programs.areInstalled()).isFalse();
    assertThatThrownBy(programs::required)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "MariaDB is not installed: found no mariadbd, mariadb"
                + " (expected: what testing/databases/install installs, run as root)");
  }
}
