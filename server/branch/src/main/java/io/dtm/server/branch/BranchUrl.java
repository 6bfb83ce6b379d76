package io.dtm.server.branch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dtm.protocol.Keys;
import io.dtm.server.core.BranchCall;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.BitSet;

/**
 * The address of one call: the branch's URL, to whose query is added who calls. The order of the
 * parameters and the characters that are escaped are part of the protocol.
 */
final class BranchUrl {
  private static final String HEX = "0123456789ABCDEF";

  /** What may stand in a parameter's value as it is. */
  private static final BitSet UNRESERVED = lettersDigitsAnd("-_.~");

  /** What may stand in a URL as it is. */
  private static final BitSet LEGAL = lettersDigitsAnd("-_.~:/?#[]@!$&'()*+,;=%");

  private BranchUrl() {}

  static boolean isHttp(String url) {
    return startsWith(url, "http://") || startsWith(url, "https://");
  }

  private static boolean startsWith(String url, String prefix) {
    return url.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  /**
   * @throws URISyntaxException when the branch's URL is none
   */
  static URI of(BranchCall call) throws URISyntaxException {
    var url = new StringBuilder(call.url().length() + 96);
    appendLegal(url, withoutFragment(call.url()));
    url.append(separator(call.url()));
    append(url, Keys.BRANCH_ID, call.branchId());
    append(url.append('&'), Keys.GID, call.gid().value());
    append(url.append('&'), Keys.OP, call.operation().name());
    append(url.append('&'), Keys.TRANS_TYPE, WireWords.of(call.mode()));
    return new URI(url.toString());
  }

  /**
   * The branch's URL with nothing added to its query.
   *
   * @throws URISyntaxException when it is none
   */
  static URI asGiven(String branchUrl) throws URISyntaxException {
    var url = new StringBuilder(branchUrl.length());
    appendLegal(url, withoutFragment(branchUrl));
    return new URI(url.toString());
  }

  private static String withoutFragment(String url) {
    int hash = url.indexOf('#');
    return hash < 0 ? url : url.substring(0, hash);
  }

  private static String separator(String url) {
    var address = withoutFragment(url);
    int mark = address.indexOf('?');
    if (mark < 0) {
      return "?";
    }
    return mark == address.length() - 1 ? "" : "&";
  }

  /**
   * Copies a URL, escaping what must not stand in one: clients send blanks, braces and letters of
   * every language.
   */
  private static void appendLegal(StringBuilder to, String url) {
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      if (LEGAL.get(c)) {
        to.append(c);
      } else {
        int end = i + Character.charCount(url.codePointAt(i));
        appendEscaped(to, url.substring(i, end));
        i = end - 1;
      }
    }
  }

  private static void append(StringBuilder to, String name, String value) {
    to.append(name).append('=');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (UNRESERVED.get(c)) {
        to.append(c);
      } else if (c == ' ') {
        to.append('+');
      } else {
        int end = i + Character.charCount(value.codePointAt(i));
        appendEscaped(to, value.substring(i, end));
        i = end - 1;
      }
    }
  }

  private static void appendEscaped(StringBuilder to, String text) {
    for (byte b : text.getBytes(UTF_8)) {
      to.append('%').append(HEX.charAt((b >> 4) & 0xF)).append(HEX.charAt(b & 0xF));
    }
  }

  private static BitSet lettersDigitsAnd(String marks) {
    var characters = new BitSet(128);
    characters.set('a', 'z' + 1);
    characters.set('A', 'Z' + 1);
    characters.set('0', '9' + 1);
    marks.chars().forEach(characters::set);
    return characters;
  }
}
