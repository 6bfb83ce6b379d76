package io.dtm.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dtm.client.BranchCall;
import io.dtm.client.BranchProtocol;
import io.dtm.client.BranchTransport;
import io.dtm.client.ManagerOperation;
import io.dtm.client.ManagerReply;
import io.dtm.client.ManagerRequest;
import io.dtm.client.ManagerTransport;
import io.dtm.client.Payload;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionManagerUnavailable;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A manager of one workflow, in memory, that goes away when the test says so. */
public final class FakeManager implements ManagerTransport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ManagerReply DONE = new ManagerReply("fake", 200, "{}");

  /** One recorded step. */
  record Recorded(String branchId, String operation, String status, Payload data) {
    @Override
    public String toString() {
      return "%s %s %s".formatted(branchId, operation, status);
    }
  }

  final List<Recorded> records = new CopyOnWriteArrayList<>();
  final List<ManagerRequest> asked = new CopyOnWriteArrayList<>();
  final List<String> called = new CopyOnWriteArrayList<>();
  final List<String> parked = new ArrayList<>();
  String status = "prepared";
  String result = "";
  String reason = "";
  boolean isAway;
  boolean parks = true;
  Function<BranchCall, Payload> participant = call -> Payload.of("done");

  public TransactionClient client() {
    BranchTransport participants = this::answer;
    return TransactionClient.builder().transport(this).participants(participants).build();
  }

  /** Answers nobody from now on, or everybody again. */
  public void goAway(boolean away) {
    isAway = away;
  }

  private CompletionStage<Payload> answer(BranchCall call) {
    called.add(
        "%s %s %s"
            .formatted(call.address(), call.request().branchId(), call.request().operation()));
    return CompletableFuture.completedFuture(call).thenApply(participant::apply);
  }

  @Override
  public CompletionStage<ManagerReply> call(ManagerRequest request) {
    asked.add(request);
    if (isAway) {
      return CompletableFuture.failedFuture(new TransactionManagerUnavailable("away", null));
    }
    var body = read(request);
    if (request.operation() == ManagerOperation.PREPARE_WORKFLOW) {
      return CompletableFuture.completedFuture(new ManagerReply("fake", 200, progresses()));
    }
    return CompletableFuture.completedFuture(
        switch (request.operation()) {
          case REGISTER_BRANCH -> register(request, body);
          case SUBMIT -> end(body.path("req_extra"));
          case PARK_WORKFLOW -> park(body.path("req_extra"));
          default -> throw new AssertionError(request.operation());
        });
  }

  private ManagerReply register(ManagerRequest request, JsonNode body) {
    if (!status.equals("prepared")) {
      return refusal("no trans with gid: g1 status: prepared found FAILURE");
    }
    var data = request.payloads().isEmpty() ? Payload.empty() : request.payloads().get(0);
    var record =
        new Recorded(
            body.path("branch_id").asText(),
            body.path("op").asText(),
            body.path("status").asText(),
            data);
    var there =
        records.stream().filter(other -> other.toString().equals(record.toString())).findFirst();
    if (there.isPresent() && !there.get().equals(record)) {
      return refusal("exists with other content");
    }
    if (there.isEmpty()) {
      records.add(record);
    }
    return DONE;
  }

  private ManagerReply end(JsonNode extra) {
    status = extra.path("status").asText();
    result = extra.path("result").asText();
    reason = extra.path("rollback_reason").asText();
    return DONE;
  }

  private ManagerReply park(JsonNode extra) {
    if (!parks) {
      return new ManagerReply("fake", 404, "404 page not found");
    }
    parked.add(extra.path("parked_reason").asText());
    return DONE;
  }

  private String progresses() {
    var reply = JSON.createObjectNode();
    reply
        .putObject("transaction")
        .put("gid", "g1")
        .put("status", status)
        .put("result", result)
        .put("rollback_reason", reason);
    var progresses = reply.putArray("progresses");
    for (var record : records) {
      progresses
          .addObject()
          .put("branch_id", record.branchId())
          .put("op", record.operation())
          .put("status", record.status())
          .put("bin_data", Base64.getEncoder().encodeToString(record.data().bytes()));
    }
    return reply.toString();
  }

  private static ManagerReply refusal(String message) {
    return new ManagerReply(
        "fake", 409, JSON.createObjectNode().put("message", message).toString());
  }

  private static JsonNode read(ManagerRequest request) {
    try {
      return JSON.readTree(request.json());
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String address() {
    return "fake";
  }

  @Override
  public BranchProtocol protocol() {
    return BranchProtocol.HTTP;
  }
}
