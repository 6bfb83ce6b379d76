package io.dtm.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dtm.protocol.BranchJson;
import io.dtm.protocol.OptionsJson;
import io.dtm.protocol.TransactionJson;
import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Parking;
import io.dtm.server.core.Payload;
import io.dtm.server.core.RetryPolicy;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionProgress;
import io.dtm.server.core.TransactionSpec.Saga;
import io.dtm.server.core.TransactionStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TransactionMapperTest {
  private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.123456789Z");
  private static final Instant CHANGED = Instant.parse("2026-01-02T03:04:06.5Z");
  private static final Instant DUE = Instant.parse("2026-01-02T03:04:16Z");

  private final Replies replies = new Replies();

  @Test
  void showsAMinimalTransaction() {
    var stored =
        transaction(
            TransactionOptions.defaults(), TransactionStatus.SUBMITTED, null, "", "", List.of());

    assertThat(json(stored, ZoneOffset.UTC))
        .isEqualTo(
            """
            {"branches":[],"transaction":{"id":0,"create_time":"2026-01-02T03:04:05.123456789Z",\
            "update_time":"2026-01-02T03:04:06.5Z","gid":"g1","trans_type":"saga","status":"submitted",\
            "protocol":"http","options":"{\\"concurrent\\":false}","next_cron_interval":10,\
            "next_cron_time":"2026-01-02T03:04:16Z","concurrent":false}}\
            """);
  }

  @Test
  void showsEverythingThereIsToShow() {
    var options =
        new TransactionOptions(
            true,
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofSeconds(7),
            3,
            true,
            Map.of("X-A", "<b>"));
    var branches =
        List.of(
            new Branch(
                "01",
                Operation.COMPENSATE,
                "http://a/undo",
                Payload.ofText("p&q"),
                new Branch.Progress(BranchStatus.PREPARED, 1, CREATED, CREATED, null, "")),
            new Branch(
                "01",
                Operation.ACTION,
                "",
                Payload.empty(),
                new Branch.Progress(BranchStatus.FAILED, 4, CREATED, CHANGED, CHANGED, "no")));
    var stored =
        transaction(options, TransactionStatus.FAILED, CHANGED, "a & b FAILURE", "n1", branches);

    assertThat(json(stored, ZoneOffset.ofHours(8)))
        .isEqualTo(
            """
            {"branches":[{"id":0,"create_time":"2026-01-02T11:04:05.123456789+08:00",\
            "update_time":"2026-01-02T11:04:05.123456789+08:00","gid":"g1","url":"http://a/undo",\
            "bin_data":"cCZx","branch_id":"01","op":"compensate","status":"prepared"},\
            {"id":0,"create_time":"2026-01-02T11:04:05.123456789+08:00",\
            "update_time":"2026-01-02T11:04:06.5+08:00","gid":"g1","branch_id":"01","op":"action",\
            "status":"failed","finish_time":"2026-01-02T11:04:06.5+08:00"}],\
            "transaction":{"id":0,"create_time":"2026-01-02T11:04:05.123456789+08:00",\
            "update_time":"2026-01-02T11:04:06.5+08:00","gid":"g1","trans_type":"saga","status":"failed",\
            "protocol":"http","rollback_time":"2026-01-02T11:04:06.5+08:00",\
            "rollback_reason":"a \\u0026 b FAILURE",\
            "options":"{\\"wait_result\\":true,\\"timeout_to_fail\\":60,\\"request_timeout\\":5,\
            \\"retry_interval\\":7,\\"branch_headers\\":{\\"X-A\\":\\"\\\\u003cb\\\\u003e\\"},\
            \\"concurrent\\":true,\\"retry_limit\\":3}","next_cron_interval":10,\
            "next_cron_time":"2026-01-02T11:04:16+08:00","owner":"n1","wait_result":true,\
            "timeout_to_fail":60,"request_timeout":5,"retry_interval":7,\
            "branch_headers":{"X-A":"\\u003cb\\u003e"},"concurrent":true,"retry_limit":3,\
            "retry_count":4}}\
            """);
  }

  @Test
  void showsTheEndOfASuccessAsFinishTime() {
    var stored =
        transaction(
            TransactionOptions.defaults(), TransactionStatus.SUCCEEDED, CHANGED, "", "", List.of());

    assertThat(json(stored, ZoneOffset.UTC))
        .contains("\"status\":\"succeed\"", "\"finish_time\":\"2026-01-02T03:04:06.5Z\"")
        .doesNotContain("rollback_time");
  }

  @Test
  void showsTimesInTheZoneOfTheirDay() {
    var stored =
        transaction(
            TransactionOptions.defaults(), TransactionStatus.SUBMITTED, null, "", "", List.of());

    assertThat(json(stored, ZoneId.of("Europe/Berlin")))
        .contains("\"next_cron_time\":\"2026-01-02T04:04:16+01:00\"");
  }

  @Test
  void leavesNoMemberOfTheWireUnmapped() {
    var optional = // of transactions that have ended, or are parked
        List.of("finish_time", "rollback_time", "parked_reason", "parked_since");
    var second = Duration.ofSeconds(1);
    var options =
        new TransactionOptions(
            true,
            second,
            second,
            new RetryPolicy(second, 3, second, 4, second),
            1,
            true,
            Map.of("X", "y"));
    var branch =
        new Branch(
            "01",
            Operation.ACTION,
            "http://a",
            Payload.ofText("p"),
            new Branch.Progress(BranchStatus.FAILED, 1, CREATED, CHANGED, CHANGED, "no"));

    var stored =
        transaction(options, TransactionStatus.ABORTING, null, "why", "n1", "{}", List.of(branch));
    var definition = stored.definition();
    var asked =
        new TransactionDefinition(
            definition.gid(),
            definition.spec(),
            definition.protocol(),
            definition.options(),
            "http://ask",
            definition.customData(),
            definition.createdAt());

    var shown = json(stored.withDefinition(asked).withResult("cmVz"), ZoneOffset.UTC);

    assertThat(members(TransactionJson.class, OptionsJson.class, BranchJson.class))
        .filteredOn(name -> !optional.contains(name))
        .allSatisfy(name -> assertThat(shown).contains("\"" + name + "\":"));
  }

  @Test
  void showsWhyATransactionIsParkedAndNoTimeOfItsNextPass() {
    var stored =
        transaction(
            TransactionOptions.defaults(), TransactionStatus.SUBMITTED, null, "", "", List.of());
    var parking = new Parking("gave up", "a:1", CREATED);

    var shown =
        json(stored.withSchedule(stored.schedule().parked(parking)), ZoneId.of("Europe/Berlin"));

    assertThat(shown)
        .contains("\"status\":\"submitted\"")
        .contains("\"parked_reason\":\"gave up\"")
        .contains("\"parked_since\":\"2026-01-02T04:04:05.123456789+01:00\"")
        .doesNotContain("next_cron_time");
  }

  @Test
  void showsASetting() {
    var entry = new KeyValueStore.Entry("topics", "t", "[]", 3, CREATED, CHANGED);

    assertThat(replies.text(new TransactionMapper(replies, ZoneOffset.UTC).entry(entry)))
        .isEqualTo(
            """
            {"id":0,"create_time":"2026-01-02T03:04:05.123456789Z","update_time":"2026-01-02T03:04:06.5Z",\
            "cat":"topics","k":"t","v":"[]","version":3}\
            """);
  }

  private String json(GlobalTransaction stored, ZoneId zone) {
    return replies.text(new TransactionMapper(replies, zone).query(stored));
  }

  private static List<String> members(Class<?>... records) {
    return Arrays.stream(records)
        .flatMap(type -> Stream.of(type.getRecordComponents()))
        .flatMap(part -> Stream.ofNullable(part.getAccessor().getAnnotation(JsonProperty.class)))
        .map(JsonProperty::value)
        .toList();
  }

  private static GlobalTransaction transaction(
      TransactionOptions options,
      TransactionStatus status,
      @Nullable Instant finishedAt,
      String reason,
      String node,
      List<Branch> branches) {
    return transaction(options, status, finishedAt, reason, node, "", branches);
  }

  private static GlobalTransaction transaction(
      TransactionOptions options,
      TransactionStatus status,
      @Nullable Instant finishedAt,
      String reason,
      String node,
      String customData,
      List<Branch> branches) {
    return new GlobalTransaction(
        new TransactionDefinition(
            new Gid("g1"),
            new Saga(false, Map.of()),
            BranchProtocol.HTTP,
            options,
            "",
            customData,
            CREATED),
        branches,
        new TransactionProgress(
            status,
            2,
            new Schedule(DUE, Duration.ofSeconds(10), 0, node),
            CHANGED,
            finishedAt,
            reason,
            ""));
  }
}
