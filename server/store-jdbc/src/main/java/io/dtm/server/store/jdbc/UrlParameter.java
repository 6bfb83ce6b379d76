package io.dtm.server.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;

/**
 * A parameter that is taken out of a URL, to be joined with what we set there: the URL's would
 * replace ours.
 *
 * @param url without it
 * @param value as it stands in the URL; empty: it is not there
 */
record UrlParameter(String url, String value) {

  /** Takes it out of a URL whose parameters stand behind a question mark. */
  static UrlParameter of(String url, String name) {
    int start = url.indexOf('?');
    if (start < 0) {
      return new UrlParameter(url, "");
    }
    var others = new ArrayList<String>();
    var value = "";
    for (var parameter : url.substring(start + 1).split("&", -1)) {
      if (parameter.startsWith(name + "=")) {
        value = parameter.substring(name.length() + 1);
      } else {
        others.add(parameter);
      }
    }
    var rest = String.join("&", others);
    return new UrlParameter(url.substring(0, start) + (rest.isEmpty() ? "" : "?" + rest), value);
  }

  /** Our settings, then those of the URL, which so have the last word. */
  String joined(String ours, String separator) {
    return value.isEmpty() ? ours : ours + separator + value;
  }

  /** For a driver that takes parameters of a URL as encoded, and properties as they are. */
  UrlParameter decoded() {
    return new UrlParameter(url, URLDecoder.decode(value, UTF_8));
  }
}
