package io.dtm.server.branch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.dtm.protocol.JsonRpc;
import io.dtm.protocol.Keys;
import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Calls participants over JSON-RPC 2.0: the payload, with who calls added to it, becomes the
 * parameters, and the URL's query parameter {@code method} says which method. An answer is first
 * read by the rules of {@link HttpBranchCaller}; where those find a success, its {@code error}
 * counts. Thread-safe when its source of randomness is.
 */
public final class JsonRpcBranchCaller implements BranchCaller {
  /*
   * Defect D4 of the reference: it compares error codes so that they are never equal, and takes
   * each for an unclear answer. We honour them: -32901 refuses, -32902 asks for time.
   */

  /** Members of the parameters that we set, whatever the payload says. */
  private static final Set<String> OWN_MEMBERS =
      Set.of(Keys.GID, Keys.TRANS_TYPE, Keys.BRANCH_ID, Keys.OP);

  private final BoundedHttpClient client;
  private final RandomGenerator random;
  private final JsonFactory json =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  /** Why a call cannot be made. */
  private static final class NotCallable extends Exception {
    private static final long serialVersionUID = 1L;

    NotCallable(String message, Throwable cause) {
      super(message, cause);
    }

    NotCallable(String message) {
      super(message);
    }
  }

  /**
   * @param random for the ids of calls
   */
  public JsonRpcBranchCaller(BoundedHttpClient client, RandomGenerator random) {
    this.client = client;
    this.random = random;
  }

  @Override
  public BranchResult call(BranchCall call) {
    HttpCall request;
    try {
      request = httpCall(call);
    } catch (NotCallable e) {
      return new BranchResult.Unclear(String.valueOf(e.getMessage()));
    }
    var outcome = client.exchange(request);
    var byHttp = HttpBranchCaller.resultOf(outcome);
    return outcome instanceof HttpOutcome.Answered answered
            && byHttp instanceof BranchResult.Succeeded
        ? resultOf(answered.body())
        : byHttp;
  }

  private HttpCall httpCall(BranchCall call) throws NotCallable {
    var badHeader = HttpBranchCaller.badHeader(call.headers());
    if (badHeader.isPresent()) {
      throw new NotCallable(badHeader.get());
    }
    var uri = uri(call.url());
    return new HttpCall(
        HttpCall.Method.POST,
        uri,
        HttpBranchCaller.withoutOwn(call.headers()),
        body(call, method(call.url(), uri)),
        call.timeout(),
        call.mayBegin());
  }

  private static URI uri(String url) throws NotCallable {
    if (!BranchUrl.isHttp(url)) {
      throw new NotCallable(
          "bad url for json-rpc: %s (expected: http:// or https://)".formatted(url));
    }
    try {
      return BranchUrl.asGiven(url);
    } catch (URISyntaxException e) {
      throw new NotCallable("bad url for json-rpc: %s (%s)".formatted(url, e.getReason()), e);
    }
  }

  private static String method(String url, URI uri) throws NotCallable {
    var query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    for (var parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      if (equals > 0 && parameter.substring(0, equals).equals(JsonRpc.METHOD)) {
        return decoded(parameter.substring(equals + 1));
      }
    }
    throw new NotCallable(
        "bad url for json-rpc: %s (expected: a query parameter 'method')".formatted(url));
  }

  private static String decoded(String raw) {
    try {
      return URLDecoder.decode(raw, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return raw; // a percent sign that escapes nothing stands for itself
    }
  }

  private Payload body(BranchCall call, String method) throws NotCallable {
    var bytes = new ByteArrayOutputStream(call.payload().size() + 256);
    try (var body = json.createGenerator(bytes);
        var payload = json.createParser(call.payload().bytes())) {
      body.writeStartObject();
      body.writeStringField(JsonRpc.ID, new UUID(random.nextLong(), random.nextLong()).toString());
      body.writeStringField(JsonRpc.JSONRPC, JsonRpc.VERSION);
      body.writeStringField(JsonRpc.METHOD, method);
      body.writeObjectFieldStart(JsonRpc.PARAMS);
      copyMembers(payload, body);
      body.writeStringField(Keys.BRANCH_ID, call.branchId());
      body.writeStringField(Keys.GID, call.gid().value());
      body.writeStringField(Keys.OP, call.operation().name());
      body.writeStringField(Keys.TRANS_TYPE, WireWords.of(call.mode()));
      body.writeEndObject();
      body.writeEndObject();
    } catch (JsonProcessingException e) {
      throw new NotCallable(
          "payload for json-rpc: %s (expected: a JSON object)".formatted(e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // only memory is read and written
    }
    return Payload.of(bytes.toByteArray());
  }

  /** Numbers are copied digit by digit: amounts must not change on their way. */
  private static void copyMembers(JsonParser payload, JsonGenerator to) throws IOException {
    if (payload.nextToken() != JsonToken.START_OBJECT) {
      throw new JsonParseException(payload, "no object");
    }
    for (var name = payload.nextFieldName(); name != null; name = payload.nextFieldName()) {
      payload.nextToken();
      if (OWN_MEMBERS.contains(name)) {
        payload.skipChildren();
      } else {
        to.writeFieldName(name);
        to.copyCurrentStructureExact(payload);
      }
    }
    if (payload.nextToken() != null) {
      throw new JsonParseException(payload, "more text behind the object");
    }
  }

  private BranchResult resultOf(AnswerBody body) {
    try (var answer = json.createParser(body.bytes())) {
      return resultOf(answer, body);
    } catch (IOException e) {
      var where = body.isWhole() ? "" : " in its first %d bytes".formatted(AnswerBody.BYTES_MAX);
      return new BranchResult.Unclear("no JSON-RPC answer%s: %s".formatted(where, body.text()));
    }
  }

  /** An answer without an error is a success, whatever else it says. */
  private static BranchResult resultOf(JsonParser answer, AnswerBody body) throws IOException {
    if (answer.nextToken() != JsonToken.START_OBJECT) {
      throw new JsonParseException(answer, "no object");
    }
    for (var name = answer.nextFieldName(); name != null; name = answer.nextFieldName()) {
      if (answer.nextToken() != JsonToken.VALUE_NULL && name.equals(JsonRpc.ERROR)) {
        return resultOfCode(code(answer), body);
      }
      answer.skipChildren();
    }
    return new BranchResult.Succeeded();
  }

  private static BranchResult resultOfCode(int code, AnswerBody body) {
    return switch (code) {
      case JsonRpc.FAILURE -> new BranchResult.Refused(body.text());
      case JsonRpc.ONGOING -> new BranchResult.Ongoing();
      default -> new BranchResult.Unclear("JSON-RPC error: " + body.text());
    };
  }

  /** The error's code; 0 when it has none. */
  private static int code(JsonParser error) throws IOException {
    if (error.currentToken() != JsonToken.START_OBJECT) {
      return 0;
    }
    int code = 0;
    for (var name = error.nextFieldName(); name != null; name = error.nextFieldName()) {
      if (error.nextToken().isNumeric() && name.equals(JsonRpc.CODE)) {
        code = (int) error.getDoubleValue();
      }
      error.skipChildren();
    }
    return code;
  }
}
