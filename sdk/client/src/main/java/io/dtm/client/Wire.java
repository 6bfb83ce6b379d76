package io.dtm.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dtm.protocol.BranchJson;
import io.dtm.protocol.Keys;
import io.dtm.protocol.Messages;
import io.dtm.protocol.QueryJson;
import io.dtm.protocol.Statuses;
import io.dtm.protocol.TransactionJson;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Between the JSON of the wire and the types of this library. Thread-safe. */
final class Wire {
  private final ObjectMapper mapper =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** A value that a caller made, so that one that cannot be written is the caller's mistake. */
  String write(Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "payload: %s cannot be written as JSON: %s"
              .formatted(value.getClass().getName(), e.getOriginalMessage()),
          e);
    }
  }

  /** What a branch is to be called with: a payload as it stands, anything else as JSON. */
  Payload payload(Object value) {
    return value instanceof Payload payload ? payload : Payload.of(write(value));
  }

  /**
   * The body of a request over HTTP, in which payloads are texts among the other members.
   *
   * @throws IllegalArgumentException when a payload is no text
   */
  String withPayloads(ManagerRequest request) {
    if (request.payloads().isEmpty()) {
      return request.json();
    }
    var body = (ObjectNode) object(request.json());
    if (request.operation() == ManagerOperation.REGISTER_BRANCH) {
      body.put(Keys.DATA, request.payloads().get(0).text());
    } else {
      var payloads = body.putArray(Keys.PAYLOADS);
      request.payloads().forEach(payload -> payloads.add(payload.text()));
    }
    return body.toString();
  }

  /** The JSON object in the text, or a missing node if the text is anything else. */
  JsonNode object(String text) {
    try {
      var json = mapper.readTree(text);
      return json.isObject() ? json : MissingNode.getInstance();
    } catch (JsonProcessingException e) {
      // An answer that is not JSON is expected of proxies and of wrong addresses; whoever asked
      // decides what it means.
      return MissingNode.getInstance();
    }
  }

  /**
   * The transaction that the reply describes; empty when it says that there is none.
   *
   * @throws TransactionManagerUnavailable when the reply is not to be understood
   */
  Optional<TransactionState> state(Reply reply) {
    if (!reply.json().has("transaction")) {
      throw notUnderstood(reply, "no member 'transaction'", null);
    }
    try {
      var query = mapper.treeToValue(reply.json(), QueryJson.class);
      var transaction = query.transaction();
      return transaction == null
          ? Optional.empty()
          : Optional.of(state(transaction, query.branches()));
    } catch (JsonProcessingException e) {
      throw notUnderstood(reply, e.getOriginalMessage(), e);
    } catch (UnknownWord | DateTimeParseException e) {
      throw notUnderstood(reply, String.valueOf(e.getMessage()), e);
    }
  }

  private static TransactionState state(TransactionJson json, @Nullable List<BranchJson> branches) {
    if (branches != null && branches.stream().anyMatch(Objects::isNull)) {
      throw new UnknownWord("branches", null);
    }
    var status = status(json.status());
    var finished = json.finishTime() == null ? json.rollbackTime() : json.finishTime();
    return new TransactionState(
        known("gid", json.gid()),
        mode(json.transType()),
        status,
        reason(json.rollbackReason()),
        branches == null ? List.of() : branches.stream().map(Wire::branch).toList(),
        required("create_time", json.createTime()),
        required("update_time", json.updateTime()),
        instant(finished),
        status.isFinal() ? null : instant(json.nextCronTime()),
        json.parkedReason() == null ? "" : json.parkedReason());
  }

  private static BranchState branch(BranchJson json) {
    return new BranchState(
        known("branch_id", json.branchId()),
        known("op", json.op()),
        branchStatus(json.status()),
        json.url() == null ? "" : json.url(),
        instant(json.updateTime()),
        instant(json.finishTime()));
  }

  private static TransactionMode mode(@Nullable String word) {
    try {
      return TransactionMode.ofWord(known("trans_type", word));
    } catch (IllegalArgumentException e) {
      throw new UnknownWord("trans_type", word);
    }
  }

  private static TransactionStatus status(@Nullable String word) {
    return switch (known("status", word)) {
      case Statuses.PREPARED -> TransactionStatus.PREPARED;
      case Statuses.SUBMITTED -> TransactionStatus.SUBMITTED;
      case Statuses.ABORTING -> TransactionStatus.ABORTING;
      case Statuses.SUCCEED -> TransactionStatus.SUCCEEDED;
      case Statuses.FAILED -> TransactionStatus.FAILED;
      default -> throw new UnknownWord("status", word);
    };
  }

  private static BranchStatus branchStatus(@Nullable String word) {
    return switch (known("status", word)) {
      case Statuses.PREPARED -> BranchStatus.PREPARED;
      case Statuses.SUCCEED -> BranchStatus.SUCCEEDED;
      case Statuses.FAILED -> BranchStatus.FAILED;
      default -> throw new UnknownWord("branch status", word);
    };
  }

  /** The word that ends every reason is for machines that search texts; here the type says it. */
  private static String reason(@Nullable String text) {
    if (text == null) {
      return "";
    }
    return text.endsWith(Messages.FAILURE_SUFFIX)
        ? text.substring(0, text.length() - Messages.FAILURE_SUFFIX.length())
        : text;
  }

  private static @Nullable Instant instant(@Nullable String text) {
    return text == null ? null : OffsetDateTime.parse(text).toInstant();
  }

  private static Instant required(String member, @Nullable String text) {
    return OffsetDateTime.parse(known(member, text)).toInstant();
  }

  private static String known(String member, @Nullable String word) {
    if (word == null) {
      throw new UnknownWord(member, null);
    }
    return word;
  }

  private static TransactionManagerUnavailable notUnderstood(
      Reply reply, String why, @Nullable Throwable cause) {
    return new TransactionManagerUnavailable(
        "%s: answer not understood (%s): %s"
            .formatted(reply.manager(), why, Reply.shown(reply.text())),
        cause);
  }

  private static final class UnknownWord extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownWord(String member, @Nullable String word) {
      super("%s: %s".formatted(member, word));
    }
  }
}
