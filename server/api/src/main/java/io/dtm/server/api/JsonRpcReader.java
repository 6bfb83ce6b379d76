package io.dtm.server.api;

import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.dtm.protocol.JsonRpc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what comes over JSON-RPC: one request, or a list of them. Thread-safe. */
final class JsonRpcReader {
  /** Most requests of one list. */
  static final int BATCH_MAX = 100;

  private static final String FIELD = "body";
  private static final String EXPECTED = "a JSON object, or a list of them";

  private final JsonDocuments documents;

  JsonRpcReader(JsonDocuments documents) {
    this.documents = documents;
  }

  /** What a body holds. */
  sealed interface Body {
    /** One request. */
    record Single(JsonRpcRequest request) implements Body {}

    /** A list of requests, of those beyond {@link #BATCH_MAX} only the first. */
    record Batch(List<JsonRpcRequest> requests) implements Body {}
  }

  /**
   * @throws InvalidRequest when it is no JSON
   */
  Body read(byte[] body) {
    return documents.read(FIELD, body, JsonRpcReader::read);
  }

  private static Body read(JsonInput input) throws IOException {
    input.begin(FIELD, EXPECTED);
    Body body =
        input.isList()
            ? new Body.Batch(requests(input))
            : new Body.Single(new Members(input).readAll());
    input.end(FIELD, "one JSON document");
    return body;
  }

  private static List<JsonRpcRequest> requests(JsonInput input) throws IOException {
    var requests = new ArrayList<JsonRpcRequest>();
    input.list(
        FIELD,
        i -> {
          if (i <= BATCH_MAX) {
            requests.add(new Members(input).readAll());
          } else {
            input.skip();
          }
        });
    return requests;
  }

  /** The members of one request. What is wrong with one of them concerns no other request. */
  private static final class Members {
    private final JsonInput input;

    private String version = "";
    private String id = "";
    private String method = "";
    private @Nullable TokenBuffer params;
    private @Nullable String fault;

    Members(JsonInput input) {
      this.input = input;
    }

    JsonRpcRequest readAll() throws IOException {
      if (input.isObject() || input.isNull()) {
        input.object(FIELD, this::read);
      } else {
        fault = input.wrongType(FIELD, EXPECTED).explanation();
        input.skip();
      }
      return new JsonRpcRequest(version, id, method, params, fault);
    }

    private void read(String name) throws IOException {
      switch (name) {
        case JsonRpc.JSONRPC -> version = text(name);
        case JsonRpc.ID -> id = text(name);
        case JsonRpc.METHOD -> method = text(name);
        case JsonRpc.PARAMS -> params = input.copy();
        default -> input.skip();
      }
    }

    private String text(String field) throws IOException {
      if (input.isText() || input.isNull()) {
        return input.text(field);
      }
      fault = input.wrongType(field, "a string").explanation();
      input.skip();
      return "";
    }
  }
}
