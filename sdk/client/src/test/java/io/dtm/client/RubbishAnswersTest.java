package io.dtm.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * Managers that answer something like the truth with a few things wrong, each from a seed: whoever
 * asks gets an outcome, or one of the exceptions that say what to do.
 */
class RubbishAnswersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SEEDS = 3_000;
  private static final int[] STATUSES = {200, 200, 200, 204, 301, 400, 404, 409, 425, 500, 999};

  /** Read as JSON, so that there is a value of every kind, and none that is like another. */
  private static final String[] VALUES = {
    "null",
    "\"\"",
    "\"x\"",
    "\"succeed\"",
    "\"2026-13-45T99:99:99Z\"",
    "-1",
    "1e300",
    "true",
    "[]",
    "{}",
    "[null]",
    "[[[[{}]]]]",
    "{\"gid\":null}"
  };

  private static final String[] TEXTS = {
    "", "null", "SUCCESS", "<html/>", "{\"dtm_result\":", "[".repeat(5_000), "\"\\ud800\"", "{}{}"
  };

  private static final BranchTransport NOBODY =
      call -> CompletableFuture.failedFuture(new BranchUnclear("nobody there", null));

  private interface Command {
    void give(TransactionClient client);
  }

  private static final List<Command> COMMANDS =
      List.of(
          client -> client.query("g1"),
          client -> client.retryNow("g1"),
          client -> client.forceStop("g1"),
          client -> client.deleteTopic("orders"),
          client -> client.saga("g1").step("http://a/1", "http://a/2", 1).submit(),
          client -> client.saga("g1").step("http://a/1", "", 1).waitForResult().submit(),
          client -> client.message("g1").step("http://a/1").prepare("http://a/2"),
          client -> client.message("g1").step("http://a/1").abort("no"),
          client -> client.tcc("g1").run(branches -> {}),
          client -> client.tcc("g1").run(RubbishAnswersTest::refused));

  private static void refused(TccBranches branches) {
    throw new BranchRefused("no");
  }

  @Test
  void whateverAManagerAnswersTheCallerKnowsWhatToDo() {
    var rubbish = new Rubbish();
    var client = TransactionClient.builder().transport(rubbish).participants(NOBODY).build();
    for (long seed = 0; seed < SEEDS; seed++) {
      rubbish.random = new Random(seed);
      var command = COMMANDS.get((int) (seed % COMMANDS.size()));
      try {
        command.give(client);
      } catch (TransactionException told) {
        // One of the three.
      } catch (RuntimeException | StackOverflowError surprise) {
        throw new AssertionError("seed " + seed, surprise);
      }
    }
  }

  /** A new answer to each question. */
  private static final class Rubbish implements ManagerTransport {
    private Random random = new Random(0);

    @Override
    public CompletionStage<ManagerReply> call(ManagerRequest request) {
      var status = STATUSES[random.nextInt(STATUSES.length)];
      return CompletableFuture.completedFuture(new ManagerReply("m", status, body(request)));
    }

    private String body(ManagerRequest request) {
      if (random.nextInt(8) == 0) {
        return TEXTS[random.nextInt(TEXTS.length)];
      }
      var truth =
          request.operation() == ManagerOperation.QUERY
              ? FakeManager.description("g1", random.nextBoolean() ? "saga" : "tcc", "failed")
              : "{\"dtm_result\":\"SUCCESS\",\"message\":\"\"}";
      var answer = read(truth);
      for (var mistakes = random.nextInt(3); mistakes > 0; mistakes--) {
        spoil(answer);
      }
      return answer.toString();
    }

    private void spoil(JsonNode answer) {
      var places = new ArrayList<JsonNode>();
      collect(answer, places);
      var place = places.get(random.nextInt(places.size()));
      var value = read(VALUES[random.nextInt(VALUES.length)]);
      if (place instanceof ObjectNode object && object.size() > 0) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        object.set(names.get(random.nextInt(names.size())), value);
      } else if (place instanceof ArrayNode array) {
        array.insert(random.nextInt(array.size() + 1), value);
      }
    }

    private static void collect(JsonNode node, List<JsonNode> places) {
      if (node.isContainerNode()) {
        places.add(node);
        node.forEach(child -> collect(child, places));
      }
    }

    private static JsonNode read(String text) {
      try {
        return JSON.readTree(text);
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(text, e);
      }
    }

    @Override
    public String address() {
      return "http://m";
    }

    @Override
    public BranchProtocol protocol() {
      return BranchProtocol.HTTP;
    }
  }
}
