package io.dtm.server.api.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.dtm.protocol.grpc.RawBytes;
import io.dtm.server.api.grpc.Answers.Answer;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Puts a service together from its methods. Requests come in as bytes and are parsed under {@link
 * Answers}: the generated service would have the library parse them, which takes a malformed
 * message for a defect of ours, logs it as such and tells the client nothing.
 */
final class UnaryMethods {
  private final Answers answers;
  private final List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();

  UnaryMethods(Answers answers) {
    this.answers = answers;
  }

  <Q, A> UnaryMethods add(
      MethodDescriptor<Q, A> method, Parser<Q> parser, Function<Q, Answer<A>> work) {
    methods.add(
        ServerMethodDefinition.create(
            method.toBuilder(RawBytes.MARSHALLER, method.getResponseMarshaller()).build(),
            ServerCalls.asyncUnaryCall((bytes, client) ->
                answers.answer(client, () -> work.apply(parsed(parser, bytes))))));
    return this;
  }

  private static <Q> Q parsed(Parser<Q> parser, byte[] bytes) {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw InvalidRequest.of(
          "message", String.valueOf(e.getMessage()), "a well-formed protobuf message");
    }
  }

  /** The service, described like the generated one. */
  ServerServiceDefinition of(ServiceDescriptor generated) {
    var descriptor =
        ServiceDescriptor.newBuilder(generated.getName())
            .setSchemaDescriptor(generated.getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    var service = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(service::addMethod);
    return service.build();
  }
}
