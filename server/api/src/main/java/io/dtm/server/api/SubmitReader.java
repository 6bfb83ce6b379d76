package io.dtm.server.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.dtm.protocol.Keys;
import io.dtm.protocol.OptionsJson;
import io.dtm.protocol.SagaDataJson;
import io.dtm.protocol.StepJson;
import io.dtm.protocol.SubmitJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a command, and a saga's custom data, into their wire records: types and sizes
 * are checked here, meaning is not. Thread-safe. Written by hand instead of with data binding
 * because it is the hottest code of the edge, and so that every complaint can name the field.
 */
final class SubmitReader {
  /** Nothing that we read is deeper than 4; the rest is for members that we skip. */
  private static final int NESTING_MAX = 64;

  private static final int NUMBER_LENGTH_MAX = 100;

  private final JsonFactory json;
  private final int stepsMax;

  SubmitReader(int bodyBytesMax, int stepsMax) {
    var constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(NESTING_MAX)
            .maxNumberLength(NUMBER_LENGTH_MAX)
            .maxStringLength(bodyBytesMax)
            .build();
    this.json =
        JsonFactory.builder()
            .streamReadConstraints(constraints)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // names come from strangers
            .build();
    this.stepsMax = stepsMax;
  }

  SubmitJson read(byte[] body) {
    try (var parser = json.createParser(body)) {
      return new Members(new JsonInput(parser)).readAll();
    } catch (IOException e) {
      throw malformed("body", e);
    }
  }

  /** Reads a saga's custom data; an empty text stands for none. */
  SagaDataJson readSagaData(String customData) {
    if (customData.isEmpty() || customData.equals("null")) {
      return new SagaDataJson(Map.of(), false);
    }
    try (var parser = json.createParser(customData)) {
      return sagaData(new JsonInput(parser));
    } catch (IOException e) {
      throw malformed(Keys.CUSTOM_DATA, e);
    }
  }

  private static SagaDataJson sagaData(JsonInput input) throws IOException {
    var concurrent = new boolean[1];
    var orders = new LinkedHashMap<Integer, List<Integer>>();
    input.document(
        Keys.CUSTOM_DATA,
        name -> {
          switch (name) {
            case Keys.CONCURRENT -> concurrent[0] = input.flag("custom_data.concurrent");
            case Keys.ORDERS -> readOrders(input, orders);
            default -> input.skip();
          }
        });
    return new SagaDataJson(orders, concurrent[0]);
  }

  private static void readOrders(JsonInput input, Map<Integer, List<Integer>> orders)
      throws IOException {
    var field = "custom_data.orders";
    orders.clear();
    if (input.isList()) { // PHP makes a list of a map whose keys happen to be 0, 1, 2, …
      input.list(field, i -> orders.put(i, readPredecessors(input, field + "[" + i + "]")));
      return;
    }
    input.object(
        field,
        name -> orders.put(stepIndex(field, name), readPredecessors(input, field + "." + name)));
  }

  private static List<Integer> readPredecessors(JsonInput input, String field) throws IOException {
    var predecessors = new ArrayList<Integer>();
    input.list(field, i -> predecessors.add(input.count(field + "[" + i + "]")));
    return predecessors;
  }

  private static int stepIndex(String field, String name) {
    try {
      return Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw InvalidRequest.of(field, '"' + name + '"', "indexes of steps as keys");
    }
  }

  private static InvalidRequest malformed(String field, IOException e) {
    if (e instanceof JsonProcessingException json) {
      var at = json.getLocation();
      var expected =
          at == null
              ? "well-formed JSON"
              : "well-formed JSON; this breaks at line %d, column %d"
                  .formatted(at.getLineNr(), at.getColumnNr());
      return InvalidRequest.of(field, json.getOriginalMessage(), expected);
    }
    return InvalidRequest.of(field, String.valueOf(e.getMessage()), "well-formed JSON in UTF-8");
  }

  /** The members of one body, as far as they are read. */
  private final class Members {
    private final JsonInput input;

    private String gid = "";
    private String transType = "";
    private List<StepJson> steps = List.of();
    private List<String> payloads = List.of();
    private String queryPrepared = "";
    private String protocol = "";
    private String customData = "";
    private String rollbackReason = "";
    private Map<String, String> requestExtra = Map.of();

    private boolean waitResult;
    private int timeoutToFail;
    private int requestTimeout;
    private int retryInterval;
    private int retryLimit;
    private Map<String, String> branchHeaders = Map.of();
    private boolean concurrent;

    Members(JsonInput input) {
      this.input = input;
    }

    SubmitJson readAll() throws IOException {
      input.document("body", this::read);
      var options =
          new OptionsJson(
              waitResult,
              timeoutToFail,
              requestTimeout,
              retryInterval,
              branchHeaders,
              concurrent,
              retryLimit,
              0);
      return new SubmitJson(
          gid,
          transType,
          steps,
          payloads,
          queryPrepared,
          protocol,
          customData,
          rollbackReason,
          requestExtra,
          options);
    }

    private void read(String name) throws IOException {
      switch (name) {
        case Keys.GID -> gid = input.text(name);
        case Keys.TRANS_TYPE -> transType = input.text(name);
        case Keys.STEPS -> steps = readSteps();
        case Keys.PAYLOADS -> payloads = input.texts(name);
        case Keys.QUERY_PREPARED -> queryPrepared = input.text(name);
        case Keys.PROTOCOL -> protocol = input.text(name);
        case Keys.CUSTOM_DATA -> customData = input.text(name);
        case Keys.ROLLBACK_REASON -> rollbackReason = input.text(name);
        case Keys.REQ_EXTRA -> requestExtra = input.textMap(name);
        case Keys.WAIT_RESULT -> waitResult = input.flag(name);
        case Keys.TIMEOUT_TO_FAIL -> timeoutToFail = input.count(name);
        case Keys.REQUEST_TIMEOUT -> requestTimeout = input.count(name);
        case Keys.RETRY_INTERVAL -> retryInterval = input.count(name);
        case Keys.RETRY_LIMIT -> retryLimit = input.count(name);
        case Keys.BRANCH_HEADERS -> branchHeaders = input.textMap(name);
        case Keys.CONCURRENT -> concurrent = input.flag(name);
        default -> input.skip();
      }
    }

    private List<StepJson> readSteps() throws IOException {
      var read = new ArrayList<StepJson>();
      input.list(
          Keys.STEPS,
          i -> {
            if (i >= stepsMax) {
              throw InvalidRequest.of(
                  Keys.STEPS, "more than " + stepsMax, "at most MaxSteps = " + stepsMax);
            }
            read.add(readStep("steps[" + i + "]"));
          });
      return read;
    }

    private StepJson readStep(String field) throws IOException {
      var step = new StepMembers();
      input.object(
          field,
          name -> {
            switch (name) {
              case Keys.ACTION -> step.action = input.text(field + ".action");
              case Keys.COMPENSATE -> step.compensate = input.text(field + ".compensate");
              case Keys.DATA -> step.data = input.text(field + ".data");
              default -> input.skip();
            }
          });
      return new StepJson(step.action, step.compensate, step.data);
    }
  }

  private static final class StepMembers {
    private @Nullable String action;
    private @Nullable String compensate;
    private @Nullable String data;
  }
}
