package io.dtm.spring.boot;

/** How an application speaks with managers. */
public enum Protocol {
  HTTP("http://127.0.0.1:36789"),
  /** Needs {@code io.dtm:dtm-sdk-grpc}. */
  GRPC("127.0.0.1:36790");

  private final String defaultServer;

  Protocol(String defaultServer) {
    this.defaultServer = defaultServer;
  }

  /** Where a manager listens that nobody has configured, on this machine. */
  public String defaultServer() {
    return defaultServer;
  }
}
