package io.dtm.server.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.dtm.protocol.grpc.DtmBranchRequest;
import io.dtm.protocol.grpc.DtmRequest;
import io.dtm.protocol.grpc.DtmTopicRequest;
import io.dtm.protocol.grpc.DtmTransOptions;
import io.dtm.protocol.grpc.RawBytes;
import io.dtm.server.core.GlobalTransaction;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Valid messages of every method with a few things wrong in their fields, their bytes and their
 * metadata: each is answered in time and never as a defect of ours, and what is refused changes
 * nothing. A failing case can be repeated by its seed. More of them: the system properties {@code
 * dtm.fuzz.seeds} and {@code dtm.fuzz.requests}.
 */
@Timeout(3_600)
class MutatedMessagesTest {
  private static final int REQUESTS = Integer.getInteger("dtm.fuzz.requests", 600);
  private static final int RANDOM_SEEDS = Integer.getInteger("dtm.fuzz.seeds", 1);

  /** So that a look at all that is stored stays cheap. */
  private static final int REQUESTS_PER_EDGE = 150;

  private static final Set<Code> ORDERLY =
      Set.of(
          Code.OK,
          Code.INVALID_ARGUMENT,
          Code.NOT_FOUND,
          Code.ALREADY_EXISTS,
          Code.ABORTED,
          Code.FAILED_PRECONDITION);

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\0",
          "😀\u202E",
          "saga",
          "nothing",
          "topic://t",
          "h:1/a.B/C",
          "http://h:99999",
          "null",
          "[]",
          "{}",
          "[{\"action\":1}]",
          "[{\"action\":\"h:1/a/b\",\"action\":null}]",
          "[".repeat(100),
          "{\"delay\":1e999}",
          "{\"orders\":{\"x\":[0]},\"concurrent\":true}",
          "{\"orders\":{\"0\":[1],\"1\":[0]},\"concurrent\":true}",
          "{\"name\":\"\",\"data\":\"?\"}",
          "9".repeat(300),
          "x".repeat(5_000));

  private static final List<Long> NUMBERS =
      List.of(0L, -1L, 1L << 31, Long.MIN_VALUE, Long.MAX_VALUE, 7L);

  static LongStream seeds() {
    return LongStream.concat(
        LongStream.of(1, 2), LongStream.generate(System::nanoTime).limit(RANDOM_SEEDS));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void mutatedMessagesAreAnsweredInOrder(long seed) {
    System.out.printf("MutatedMessagesTest: seed %d, %d requests%n", seed, REQUESTS);
    var random = new Random(seed);
    for (int done = 0; done < REQUESTS; done += REQUESTS_PER_EDGE) {
      try (var edge = new RunningEdge()) {
        for (int i = done; i < Math.min(REQUESTS, done + REQUESTS_PER_EDGE); i++) {
          check(edge, random, "seed %d, request %d".formatted(seed, i));
        }
        assertThat(edge.submit(RunningEdge.waiting(RunningEdge.saga("last").build())))
            .isEqualTo(Status.OK);
      }
    }
  }

  private static void check(RunningEdge edge, Random random, String what) {
    var method = one(List.copyOf(valid(random).keySet()), random);
    var message = mutated(valid(random).get(method), random);
    var before = contents(edge);

    var status = call(edge, method, message, metadata(random));

    var request = "%s %s".formatted(method, Arrays.toString(message));
    assertThat(status.getCode()).as("%s: %s answered %s", what, request, status).isIn(ORDERLY);
    assertThat(String.valueOf(status.getDescription()))
        .as("%s: %s", what, request)
        .doesNotContain("internal error", "Exception");
    if (!status.isOk()) {
      assertThat(contents(edge)).as("%s: %s answered %s", what, request, status).isEqualTo(before);
    }
  }

  private static List<GlobalTransaction> contents(RunningEdge edge) {
    edge.awaitQuiet();
    return edge.stored();
  }

  private static Map<String, Message> valid(Random random) {
    var gid = "g" + random.nextInt(12);
    var transaction = transaction(gid, random);
    var topic =
        DtmTopicRequest.newBuilder().setTopic("t").setURL("http://s/u").setRemark("r").build();
    return Map.of(
        "Submit", transaction,
        "Prepare", transaction,
        "Abort", transaction,
        "PrepareWorkflow", transaction,
        "RegisterBranch", registration(gid, random),
        "Subscribe", topic,
        "Unsubscribe", topic,
        "DeleteTopic", topic);
  }

  private static DtmRequest transaction(String gid, Random random) {
    var mode = one(List.of("saga", "msg", "tcc", "xa", "workflow"), random);
    return RunningEdge.saga(gid)
        .setTransType(mode)
        .setQueryPrepared("http://s/q")
        .setCustomData(mode.equals("workflow") ? "{\"name\":\"n\",\"data\":\"ZA==\"}" : "")
        .putReqExtra("status", "succeed")
        .setTransOptions(
            DtmTransOptions.newBuilder()
                .setWaitResult(true)
                .setRetryInterval(10)
                .putBranchHeaders("x-a", "b"))
        .build();
  }

  private static DtmBranchRequest registration(String gid, Random random) {
    return RunningEdge.branch(
            gid,
            one(List.of("tcc", "xa", "workflow"), random),
            Map.of(
                "confirm", "h:1/a.B/C",
                "cancel", "h:1/a.B/D",
                "url", "h:1/a.B/E",
                "op", "action",
                "status", "succeed"))
        .setBusiPayload(ByteString.copyFromUtf8("d"))
        .build();
  }

  /** First its fields, then, now and then, its bytes. */
  private static byte[] mutated(Message message, Random random) {
    var bytes = withOtherFields(message, random).toByteArray();
    if (random.nextInt(3) > 0) {
      return bytes;
    }
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(3)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes = Arrays.copyOf(bytes, at);
        default -> {
          // the end of the message once more: fields twice, groups that never end, unknown numbers
          var more = Arrays.copyOf(bytes, bytes.length + bytes.length - at);
          System.arraycopy(bytes, at, more, bytes.length, bytes.length - at);
          bytes = more;
        }
      }
    }
    return bytes;
  }

  private static Message withOtherFields(Message message, Random random) {
    var builder = message.toBuilder();
    for (var field : message.getDescriptorForType().getFields()) {
      if (random.nextInt(5) > 0) {
        continue;
      }
      switch (field.getJavaType()) {
        case STRING -> builder.setField(field, one(TEXTS, random));
        case LONG -> builder.setField(field, one(NUMBERS, random));
        case BOOLEAN -> builder.setField(field, random.nextBoolean());
        case BYTE_STRING -> {
          var text = ByteString.copyFromUtf8(one(TEXTS, random));
          if (field.isRepeated()) {
            builder.addRepeatedField(field, text);
          } else {
            builder.setField(field, text);
          }
        }
        case MESSAGE -> {
          if (field.isRepeated()) {
            builder.clearField(field);
          } else {
            builder.setField(field, withOtherFields((Message) builder.getField(field), random));
          }
        }
        default -> throw new IllegalStateException(field + ": a type that no message had so far");
      }
    }
    return builder.build();
  }

  private static Metadata metadata(Random random) {
    var metadata = new Metadata();
    for (int i = random.nextInt(6); i > 0; i--) {
      if (random.nextBoolean()) {
        var value = new byte[random.nextInt(500)];
        random.nextBytes(value);
        metadata.put(Metadata.Key.of("x-" + i + "-bin", Metadata.BINARY_BYTE_MARSHALLER), value);
      } else {
        metadata.put(
            Metadata.Key.of(
                one(List.of("traceparent", "tracestate", "x-y"), random),
                Metadata.ASCII_STRING_MARSHALLER),
            "v".repeat(random.nextInt(500)));
      }
    }
    return metadata;
  }

  private static Status call(RunningEdge edge, String method, byte[] message, Metadata metadata) {
    var descriptor =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("dtmgimp.Dtm/" + method)
            .setRequestMarshaller(RawBytes.MARSHALLER)
            .setResponseMarshaller(RawBytes.MARSHALLER)
            .build();
    try {
      ClientCalls.blockingUnaryCall(
          ClientInterceptors.intercept(
              edge.channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
          descriptor,
          CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
          message);
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private static <T> T one(List<T> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }
}
