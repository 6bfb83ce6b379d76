package io.dtm.testing.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** What happened, line by line; kept only where somebody will read it. */
final class Story {
  private final boolean kept;
  private final List<Line> lines = new ArrayList<>();

  private record Line(String gid, String text) {}

  Story(boolean kept) {
    this.kept = kept;
  }

  boolean isKept() {
    return kept;
  }

  /** Adds a line; an empty gid concerns everybody. */
  void tell(long nanos, String gid, String line) {
    if (kept) {
      lines.add(new Line(gid, "%10.3f s  %-5s %s".formatted(nanos / 1e9, gid, line)));
    }
  }

  /** The lines about one transaction and those about everybody; all for an empty gid. */
  List<String> about(String gid) {
    return lines.stream()
        .filter(line -> gid.isEmpty() || line.gid().isEmpty() || line.gid().equals(gid))
        .map(Line::text)
        .toList();
  }

  /** A check sum over everything. */
  String hash() {
    var sum = new CRC32();
    lines.forEach(line -> sum.update(line.text().getBytes(StandardCharsets.UTF_8)));
    return "%08x-%d".formatted(sum.getValue(), lines.size());
  }
}
