package io.dtm.benchmarks.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HashMap;
import java.util.Map;

/** The requests of a flow over HTTP, ready to be sent. Immutable. */
final class HttpFlow {
  private static final String API = "/api/dtmsvr/";
  private static final String PAYLOAD = "{\\\"amount\\\":30}";
  private static final String TRY_BODY = "{\"amount\":30}";

  private final Flow flow;
  private final String participantUrl;

  /** Before the length of the body, and after the gid in it. */
  private final Map<FlowStep, String> heads = new HashMap<>();

  private final Map<FlowStep, String> members = new HashMap<>();

  /**
   * @param serverHost with its port, as the header wants it
   * @param participantHost likewise
   */
  HttpFlow(Flow flow, String serverHost, String participantHost) {
    this.flow = flow;
    this.participantUrl = "http://" + participantHost;
    for (var step : flow.mode().steps()) {
      boolean tries = step.kind() == FlowStep.Kind.TRY;
      heads.put(
          step,
          " HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: "
              .formatted(tries ? participantHost : serverHost));
      members.put(step, members(step));
    }
  }

  /** The whole request, head and body. */
  byte[] request(FlowStep step, String gid) {
    var body =
        step.kind() == FlowStep.Kind.TRY
            ? TRY_BODY
            : "{\"gid\":\""
                + gid
                + "\",\"trans_type\":\""
                + flow.mode().transType()
                + '"'
                + members.get(step)
                + '}';
    return ("POST " + target(step, gid) + heads.get(step) + body.length() + "\r\n\r\n" + body)
        .getBytes(ISO_8859_1);
  }

  private String target(FlowStep step, String gid) {
    return switch (step.kind()) {
      case PREPARE -> API + (flow.mode() == Mode.WORKFLOW ? "prepareWorkflow" : "prepare");
      case REGISTER -> API + "registerBranch";
      case TRY -> "/try?trans_type=tcc&op=try&branch_id=" + step.branch() + "&gid=" + gid;
      case SUBMIT -> API + "submit";
    };
  }

  private String members(FlowStep step) {
    return switch (step.kind()) {
      case PREPARE -> definition();
      case REGISTER -> branch(step.branch());
      case SUBMIT ->
          flow.mode() == Mode.WORKFLOW
              ? ",\"req_extra\":{\"status\":\"succeed\",\"rollback_reason\":\"\",\"result\":\"\"}"
              : definition() + (flow.waits() ? ",\"wait_result\":true" : "");
      case TRY -> "";
    };
  }

  /** What a transaction is made of, apart from its registered branches. */
  private String definition() {
    return switch (flow.mode()) {
      case SAGA -> steps("\"action\":\"%1$s/%2$s\",\"compensate\":\"%1$s/un%2$s\"");
      case MESSAGE, MESSAGE_SUBMIT ->
          ",\"query_prepared\":\"" + participantUrl + "/query\"" + steps("\"action\":\"%s/%s\"");
      case TCC, XA -> "";
      case WORKFLOW ->
          ",\"custom_data\":\"{\\\"name\\\":\\\"load\\\",\\\"data\\\":null}\",\"query_prepared\":\""
              + participantUrl
              + "/resume\",\"protocol\":\"http\",\"concurrent\":false";
    };
  }

  private String steps(String form) {
    return ",\"steps\":[{"
        + form.formatted(participantUrl, "debit")
        + "},{"
        + form.formatted(participantUrl, "credit")
        + "}],\"payloads\":[\""
        + PAYLOAD
        + "\",\""
        + PAYLOAD
        + "\"]";
  }

  private String branch(String branch) {
    var id = ",\"branch_id\":\"" + branch + '"';
    return switch (flow.mode()) {
      case TCC ->
          id
              + ",\"data\":\"%s\",\"confirm\":\"%s/confirm\",\"cancel\":\"%s/cancel\""
                  .formatted(PAYLOAD, participantUrl, participantUrl);
      case XA -> id + ",\"url\":\"" + participantUrl + "/xa\"";
      case WORKFLOW -> id + ",\"op\":\"action\",\"status\":\"succeed\",\"data\":\"" + PAYLOAD + '"';
      case SAGA, MESSAGE, MESSAGE_SUBMIT -> "";
    };
  }
}
