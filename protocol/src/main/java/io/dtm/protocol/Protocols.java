package io.dtm.protocol;

/** How branches are called, as in {@link Keys#PROTOCOL}. Absent means {@link #HTTP}. */
public final class Protocols {
  public static final String HTTP = "http";
  public static final String GRPC = "grpc";
  public static final String JSON_RPC = "json-rpc";

  private Protocols() {}
}
