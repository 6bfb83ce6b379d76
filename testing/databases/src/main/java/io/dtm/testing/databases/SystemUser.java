package io.dtm.testing.databases;

/** Who runs this JVM. */
final class SystemUser {
  private SystemUser() {}

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }
}
