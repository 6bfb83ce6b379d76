package io.dtm.server.app;

import java.util.List;

/** Which values a setting takes. */
public sealed interface SettingType {

  /** What the type is called in the documentation. */
  String label();

  /** What a value must be, for messages. */
  String expected();

  boolean accepts(String value);

  /** Any text. */
  record Text() implements SettingType {
    @Override
    public String label() {
      return "text";
    }

    @Override
    public String expected() {
      return "text";
    }

    @Override
    public boolean accepts(String value) {
      return true;
    }
  }

  /**
   * A whole number.
   *
   * @param unit such as {@code s}; empty for plain numbers
   */
  record WholeNumber(int min, int max, String unit) implements SettingType {
    @Override
    public String label() {
      return unit.isEmpty() ? "number" : "number, " + unit;
    }

    @Override
    public String expected() {
      return "a whole number from %d to %d".formatted(min, max);
    }

    @Override
    public boolean accepts(String value) {
      try {
        int number = Integer.parseInt(value);
        return number >= min && number <= max;
      } catch (NumberFormatException e) {
        return false;
      }
    }
  }

  /**
   * One of a few words.
   *
   * @param remark what else there is to say when a value is refused; may be empty
   */
  record Choice(List<String> values, String remark) implements SettingType {
    public Choice {
      values = List.copyOf(values);
    }

    @Override
    public String label() {
      return String.join(", ", values);
    }

    @Override
    public String expected() {
      var list = String.join(" or ", values);
      return remark.isEmpty() ? list : list + "; " + remark;
    }

    @Override
    public boolean accepts(String value) {
      return values.contains(value);
    }
  }
}
