package io.dtm.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Locale.ROOT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What Redis does to one key in one step. Each may be run twice without harm. */
enum Script {
  CLAIM,
  STORE,
  FORGET,
  RELEASE,
  TAG,
  LOCK,
  UNLOCK,
  PUT;

  private final String text = load(name().toLowerCase(ROOT) + ".lua");
  private final String digest = HexFormat.of().formatHex(sha1(text.getBytes(US_ASCII)));

  String text() {
    return text;
  }

  /** The name under which a server remembers it. */
  String digest() {
    return digest;
  }

  private static String load(String file) {
    try (var in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("%s: not in the jar".formatted(file));
      }
      return new String(in.readAllBytes(), US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-1 is in every JDK", e);
    }
  }
}
