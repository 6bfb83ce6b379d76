package io.dtm.client;

/** How a participant is called. */
public enum BranchProtocol {
  /** At a complete URL, such as {@code http://10.0.0.7:8080/debit}. */
  HTTP,
  /**
   * At {@code 10.0.0.7:9090/bank.Bank/Debit}: host, port and method. Complete URLs go over HTTP
   * nevertheless.
   */
  GRPC
}
