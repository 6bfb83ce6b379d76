package io.dtm.server.api;

import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.dtm.protocol.JsonRpc;
import io.dtm.protocol.Keys;
import io.dtm.protocol.RegistrationJson;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Reads the flat objects of strings in which branches are registered. Thread-safe. */
final class RegistrationReader {
  private final JsonDocuments documents;

  RegistrationReader(JsonDocuments documents) {
    this.documents = documents;
  }

  RegistrationJson read(byte[] body) {
    return documents.read("body", body, input -> registration("body", input));
  }

  RegistrationJson read(TokenBuffer params) {
    return documents.read(JsonRpc.PARAMS, params, input -> registration(JsonRpc.PARAMS, input));
  }

  /** Also members that mean nothing to us must be strings: so clients know it. */
  private static RegistrationJson registration(String field, JsonInput input) throws IOException {
    Map<String, String> members = new HashMap<>();
    input.document(
        field,
        name -> {
          if (input.isNull()) {
            members.remove(name);
          } else {
            members.put(name, input.text(name));
          }
        });
    return new RegistrationJson(
        members.getOrDefault(Keys.GID, ""),
        members.getOrDefault(Keys.TRANS_TYPE, ""),
        members.get(Keys.BRANCH_ID),
        members.get(Keys.DATA),
        members.get(Keys.CONFIRM),
        members.get(Keys.CANCEL),
        members.get(Keys.URL),
        members.get(Keys.OP),
        members.get(Keys.STATUS));
  }
}
