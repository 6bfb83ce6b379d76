package io.dtm.protocol.grpc;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;

import io.grpc.Metadata;

/** The metadata that tells a participant over gRPC who calls it and why. */
public final class MetadataKeys {
  public static final Metadata.Key<String> GID = key("dtm-gid");
  public static final Metadata.Key<String> TRANS_TYPE = key("dtm-trans_type");
  public static final Metadata.Key<String> BRANCH_ID = key("dtm-branch_id");
  public static final Metadata.Key<String> OP = key("dtm-op");

  /** Where the server listens; empty in the server's own calls, which cannot be nested. */
  public static final Metadata.Key<String> DTM = key("dtm-dtm");

  /** Of an XA branch, from the client only: where its second phase is asked for. */
  public static final Metadata.Key<String> PHASE2_URL = key("dtm-phase2_url");

  private MetadataKeys() {}

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, ASCII_STRING_MARSHALLER);
  }
}
