package io.dtm.testing.faults;

import java.util.List;
import java.util.Set;

/**
 * What a client does in one global transaction, what it is then told, and what must have come of it
 * in the end.
 */
@SuppressWarnings("ImmutableEnumChecker") // its sets are made by Set.of
enum Flow {
  SAGA("succeed", Set.of("01 action", "02 action"), Set.of("01 compensate", "02 compensate")) {
    @Override
    List<Request> requests(String gid, RecordingParticipant participant) {
      return List.of(saga(gid, participant, "/credit", false));
    }
  },
  WAITED_SAGA(
      "succeed", Set.of("01 action", "02 action"), Set.of("01 compensate", "02 compensate")) {
    @Override
    List<Request> requests(String gid, RecordingParticipant participant) {
      return List.of(saga(gid, participant, "/credit", true));
    }
  },
  REFUSED_SAGA(
      "failed", Set.of("01 action", "02 action", "02 compensate", "01 compensate"), Set.of()) {
    @Override
    List<Request> requests(String gid, RecordingParticipant participant) {
      return List.of(saga(gid, participant, "/refuse", false));
    }
  },
  TCC("succeed", Set.of("01 confirm", "02 confirm"), Set.of("01 cancel", "02 cancel")) {
    @Override
    List<Request> requests(String gid, RecordingParticipant participant) {
      return List.of(
          plain("prepare", gid, "tcc"),
          tccBranch(gid, "01", participant),
          tccBranch(gid, "02", participant),
          plain("submit", gid, "tcc"));
    }
  },
  ABORTED_TCC("failed", Set.of("01 cancel", "02 cancel"), Set.of("01 confirm", "02 confirm")) {
    @Override
    List<Request> requests(String gid, RecordingParticipant participant) {
      return List.of(
          plain("prepare", gid, "tcc"),
          tccBranch(gid, "01", participant),
          tccBranch(gid, "02", participant),
          plain("abort", gid, "tcc"));
    }
  },
  XA("succeed", Set.of("01 commit", "02 commit"), Set.of("01 rollback", "02 rollback")) {
    @Override
    List<Request> requests(String gid, RecordingParticipant participant) {
      return List.of(
          plain("prepare", gid, "xa"),
          xaBranch(gid, "01", participant),
          xaBranch(gid, "02", participant),
          plain("submit", gid, "xa"));
    }
  },
  MESSAGE("succeed", Set.of("01 action", "02 action"), Set.of()) {
    @Override
    List<Request> requests(String gid, RecordingParticipant participant) {
      return List.of(message("prepare", gid, participant), message("submit", gid, participant));
    }
  },
  ABORTED_MESSAGE("failed", Set.of(), Set.of("01 action", "02 action")) {
    @Override
    List<Request> requests(String gid, RecordingParticipant participant) {
      return List.of(message("prepare", gid, participant), plain("abort", gid, "msg"));
    }
  },
  WORKFLOW("succeed", Set.of(), Set.of()) {
    @Override
    List<Request> requests(String gid, RecordingParticipant participant) {
      return List.of(
          new Request(
              "prepareWorkflow",
              """
              {"gid":"%s","trans_type":"workflow","query_prepared":"%s",
              "custom_data":"{\\"name\\":\\"order\\",\\"data\\":null}"}\
              """
                  .formatted(gid, participant.url("/resume"))),
          new Request(
              "registerBranch",
              """
              {"gid":"%s","trans_type":"workflow","branch_id":"01","op":"action","status":"succeed","data":"x"}\
              """
                  .formatted(gid)),
          new Request(
              "submit",
              """
              {"gid":"%s","trans_type":"workflow","req_extra":{"status":"succeed","result":""}}\
              """
                  .formatted(gid)));
    }
  };

  private final String end;
  private final Set<String> called;
  private final Set<String> neverCalled;

  /**
   * @param end the status in the end, once the last request was acknowledged
   * @param called branches and operations that must have been called by then
   * @param neverCalled those that must not
   */
  Flow(String end, Set<String> called, Set<String> neverCalled) {
    this.end = end;
    this.called = called;
    this.neverCalled = neverCalled;
  }

  /** The client's requests in order; it goes no further once one is not acknowledged. */
  abstract List<Request> requests(String gid, RecordingParticipant participant);

  String end() {
    return end;
  }

  Set<String> called() {
    return called;
  }

  Set<String> neverCalled() {
    return neverCalled;
  }

  /** One request to the API. */
  record Request(String route, String body) {}

  private static Request saga(
      String gid, RecordingParticipant participant, String second, boolean waits) {
    return new Request(
        "submit",
        """
        {"gid":"%s","trans_type":"saga","wait_result":%s,"payloads":["{}","{}"],"steps":[
        {"action":"%s","compensate":"%s"},{"action":"%s","compensate":"%s"}]}\
        """
            .formatted(
                gid,
                waits,
                participant.url("/debit"),
                participant.url("/undebit"),
                participant.url(second),
                participant.url("/uncredit")));
  }

  private static Request plain(String route, String gid, String type) {
    return new Request(route, "{\"gid\":\"%s\",\"trans_type\":\"%s\"}".formatted(gid, type));
  }

  private static Request tccBranch(String gid, String branch, RecordingParticipant participant) {
    return new Request(
        "registerBranch",
        """
        {"gid":"%s","trans_type":"tcc","branch_id":"%s","confirm":"%s","cancel":"%s","data":"{}"}\
        """
            .formatted(gid, branch, participant.url("/confirm"), participant.url("/cancel")));
  }

  private static Request xaBranch(String gid, String branch, RecordingParticipant participant) {
    return new Request(
        "registerBranch",
        "{\"gid\":\"%s\",\"trans_type\":\"xa\",\"branch_id\":\"%s\",\"url\":\"%s\"}"
            .formatted(gid, branch, participant.url("/xa")));
  }

  private static Request message(String route, String gid, RecordingParticipant participant) {
    return new Request(
        route,
        """
        {"gid":"%s","trans_type":"msg","query_prepared":"%s","payloads":["{}","{}"],
        "steps":[{"action":"%s"},{"action":"%s"}]}\
        """
            .formatted(
                gid, participant.url("/refuse"), participant.url("/one"), participant.url("/two")));
  }
}
