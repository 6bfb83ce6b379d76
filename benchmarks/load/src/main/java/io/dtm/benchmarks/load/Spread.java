package io.dtm.benchmarks.load;

import java.util.Locale;
import java.util.stream.DoubleStream;

/** Median, lowest and highest of one figure over the rounds; not a number where it is not known. */
record Spread(double median, double lowest, double highest) {

  static Spread of(DoubleStream values) {
    var sorted = values.sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("values: none (expected: at least one)");
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  /** With so many digits behind the point: {@code 1,234.5 (1,200.1 to 1,300.9)}. */
  String text(int digits) {
    if (Double.isNaN(median)) {
      return "-";
    }
    var form = "%,." + digits + "f";
    var middle = String.format(Locale.ROOT, form, median);
    return lowest == highest
        ? middle
        : String.format(Locale.ROOT, "%s (" + form + " to " + form + ")", middle, lowest, highest);
  }
}
