package io.dtm.protocol.grpc;

import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Messages as the bytes that they are on the wire, for methods whose types only the caller knows.
 */
public final class RawBytes {
  /** Sends and receives whole messages; neither copied nor checked. */
  public static final Marshaller<byte[]> MARSHALLER =
      new Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
          return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e); // it is all in memory
          }
        }
      };

  private RawBytes() {}
}
