package io.dtm.benchmarks.load;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the words of the command line; what is wrong with one is told as it stands. */
final class Arguments {
  private Arguments() {}

  /** A mode by its word. */
  static final class ModeReader implements ITypeConverter<Mode> {
    @Override
    public Mode convert(String word) {
      return understood(() -> Mode.of(word));
    }
  }

  /** A wire by its word. */
  static final class WireReader implements ITypeConverter<Wire> {
    @Override
    public Wire convert(String word) {
      return understood(() -> Wire.of(word));
    }
  }

  /** A store by its word. */
  static final class StoreReader implements ITypeConverter<ServerStore.Kind> {
    @Override
    public ServerStore.Kind convert(String word) {
      return understood(() -> ServerStore.Kind.of(word));
    }
  }

  /** {@code http://host:port}. */
  static final class UrlReader implements ITypeConverter<Address> {
    @Override
    public Address convert(String text) {
      return understood(() -> Address.ofUrl(text));
    }
  }

  /** {@code host:port}. */
  static final class AddressReader implements ITypeConverter<Address> {
    @Override
    public Address convert(String text) {
      return understood(() -> Address.of(text));
    }
  }

  private interface Reading<T> {
    T read();
  }

  private static <T> T understood(Reading<T> reading) {
    try {
      return reading.read();
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
