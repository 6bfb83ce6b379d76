package io.dtm.server.branch.grpc;

import io.dtm.protocol.grpc.RawBytes;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import java.io.InputStream;

/** Methods whose request is bytes that are sent as they are, and whose answer is not read. */
final class RawMessages {
  private static final Marshaller<Unread> UNREAD =
      new Marshaller<>() {
        @Override
        public InputStream stream(Unread message) {
          throw new UnsupportedOperationException("answers are only received");
        }

        @Override
        public Unread parse(InputStream stream) {
          return Unread.ANSWER;
        }
      };

  private RawMessages() {}

  /** All that is kept of a participant's message. */
  enum Unread {
    ANSWER
  }

  static MethodDescriptor<byte[], Unread> method(String fullName) {
    return MethodDescriptor.<byte[], Unread>newBuilder()
        .setType(MethodType.UNARY)
        .setFullMethodName(fullName)
        .setRequestMarshaller(RawBytes.MARSHALLER)
        .setResponseMarshaller(UNREAD)
        .build();
  }
}
