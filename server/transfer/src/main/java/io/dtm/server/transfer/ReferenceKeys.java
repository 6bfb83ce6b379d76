package io.dtm.server.transfer;

import java.util.regex.Pattern;

/** The names of the reference's keys in Redis. */
record ReferenceKeys(String prefix) {
  /** The reference's default; the braces keep all keys on one node of a cluster. */
  static final String USUAL = "{a}";

  private static final Pattern GLOB_SIGN = Pattern.compile("[*?\\[\\]^\\\\-]");

  String unfinished() {
    return prefix + "_u";
  }

  String global(String gid) {
    return prefix + "_g_" + gid;
  }

  String branches(String gid) {
    return prefix + "_b_" + gid;
  }

  String status(String gid) {
    return prefix + "_s_" + gid;
  }

  String topicsPattern() {
    return GLOB_SIGN.matcher(topics()).replaceAll("\\\\$0") + "*";
  }

  String topic(String key) {
    return key.substring(topics().length());
  }

  private String topics() {
    return prefix + "_kv_" + ReferenceWords.TOPICS + "_";
  }
}
