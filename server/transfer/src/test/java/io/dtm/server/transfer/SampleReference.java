package io.dtm.server.transfer;

import static io.dtm.server.transfer.Rows.row;
import static io.dtm.server.transfer.Rows.saga;

import io.dtm.server.core.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a reference may leave behind: every mode in every status, and what should not be. */
final class SampleReference {
  static final List<ReferenceTopic> TOPICS =
      List.of(
          new ReferenceTopic("orders", "[{\"url\":\"http://a/x\",\"remark\":\"größe\"}]"),
          new ReferenceTopic("unused", "[]"));

  static final ReferenceTopic BROKEN_TOPIC = new ReferenceTopic("broken", "{\"url\":1}");

  private SampleReference() {}

  /** Those that can be imported. */
  static List<ReferenceTransaction> good() {
    return Stream.of(sagas(), messages(), others()).flatMap(List::stream).toList();
  }

  private static List<ReferenceTransaction> sagas() {
    return List.of(
        saga("saga-half")
            .options(
                """
                {"wait_result":true,"timeout_to_fail":3600,"request_timeout":5,"retry_interval":7,\
                "branch_headers":{"x-tenant":"köln"},"concurrent":false,"retry_limit":9}\
                """)
            .customData("{\"orders\":null,\"concurrent\":false}")
            .step("01", "prepared", "succeed")
            .step("02", "prepared", "prepared")
            .step("03", "prepared", "prepared")
            .build(),
        saga("saga-back")
            .status("aborting")
            .reason("url:http://x return failed: no FAILURE")
            .step("01", "prepared", "succeed")
            .step("02", "succeed", "failed")
            .step("03", "prepared", "prepared")
            .build(),
        saga("saga-refused")
            .step("01", "prepared", "succeed")
            .step("02", "prepared", "failed")
            .build(),
        saga("saga-ordered")
            .customData("{\"orders\":{\"2\":[0,1]},\"concurrent\":true}")
            .step("01", "prepared", "succeed")
            .step("02", "prepared", "prepared")
            .step("03", "prepared", "prepared")
            .build(),
        saga("saga-prepared").status("prepared").step("01", "prepared", "prepared").build(),
        saga("größe-東京-🚀;x y")
            .customData("{\"note\":\"größe 東京 🚀\"}")
            .branch("01", "compensate", "prepared", Payload.ofText("{\"ü\":\"🚀\"}"))
            .branch("01", "action", "prepared", Payload.of(new byte[] {0, -1, 127, -128, 10}))
            .build(),
        large());
  }

  private static ReferenceTransaction large() {
    var saga = saga("saga-large");
    for (int i = 1; i <= 1_000; i++) {
      saga.step("%02d".formatted(i), "prepared", i < 1_000 ? "succeed" : "prepared");
    }
    return saga.build();
  }

  private static List<ReferenceTransaction> messages() {
    return List.of(
        row("msg-prepared", "msg")
            .status("prepared")
            .queryPrepared("http://h/msg-prepared/query")
            .branch("01", "action", "prepared")
            .build(),
        row("msg-delayed", "msg")
            .customData("{\"delay\":600}")
            .branch("01", "action", "prepared")
            .build(),
        row("msg-topic", "msg")
            .protocol("grpc")
            .options("{\"concurrent\":true}")
            .branch("01-01", "action", "succeed")
            .branch("01-02", "action", "prepared")
            .build());
  }

  private static List<ReferenceTransaction> others() {
    return List.of(
        row("tcc-submitted", "tcc")
            .branch("01", "cancel", "prepared")
            .branch("01", "confirm", "prepared")
            .branch("02", "cancel", "prepared")
            .branch("02", "confirm", "succeed")
            .build(),
        row("tcc-aborting", "tcc")
            .status("aborting")
            .reason("no")
            .branch("01", "cancel", "prepared")
            .branch("01", "confirm", "prepared")
            .build(),
        row("tcc-prepared", "tcc").status("prepared").build(),
        row("xa-submitted", "xa")
            .branch("01", "rollback", "prepared", Payload.empty())
            .branch("01", "commit", "prepared", Payload.empty())
            .build(),
        row("workflow", "workflow")
            .status("prepared")
            .queryPrepared("http://h/workflow/resume")
            .customData("{\"name\":\"transfer\",\"data\":\"AP8=\"}")
            .branch("01", "action", "succeed")
            .branch("02", "action", "failed")
            .build());
  }

  /** Without any time, and with empty texts. */
  static ReferenceTransaction bare() {
    return saga("bare")
        .protocol("")
        .options("")
        .createTime(null)
        .schedule(null, 0)
        .branch("01", "compensate", "prepared", Payload.empty())
        .branch("01", "action", "prepared", Payload.empty())
        .build();
  }

  /** Those that cannot be imported, whatever kind of store they stand in. */
  static List<ReferenceTransaction> bad() {
    return List.of(
        row("bad-type", "sage").build(),
        saga("bad-status").status("going").step("01", "prepared", "prepared").build(),
        saga("bad-options").options("{\"conc").step("01", "prepared", "prepared").build(),
        saga("bad-option")
            .options("{\"retry_limit\":-1}")
            .step("01", "prepared", "prepared")
            .build(),
        saga("bad-orders")
            .customData("{\"orders\":{\"0\":[7]}}")
            .step("01", "prepared", "prepared")
            .build(),
        saga("bad-pair").branch("01", "action", "prepared").build(),
        saga("bad-branch").step("01", "prepared", "perhaps").build(),
        saga("bad-empty").build(),
        row("bad-msg", "msg").status("aborting").branch("01", "action", "prepared").build(),
        row("bad-workflow", "workflow").status("prepared").customData("{}").build(),
        row("bad-protocol", "tcc").status("prepared").protocol("smtp").build(),
        row("bad\tgid", "tcc").status("prepared").build());
  }

  static List<ReferenceTransaction> all() {
    var all = new ArrayList<>(good());
    all.addAll(bad());
    all.add(bare());
    return all;
  }

  static long branches(List<ReferenceTransaction> rows) {
    return rows.stream().mapToInt(row -> row.branches().size()).sum();
  }
}
