package io.dtm.server.transfer;

import static io.dtm.server.transfer.Rows.CREATED;
import static io.dtm.server.transfer.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionProgress;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.TransactionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceMapperTest {
  private static final Instant LATER = NOW.plusSeconds(30);

  private static GlobalTransaction mapped(String gid) {
    return SampleReference.all().stream()
        .filter(row -> row.gid().equals(gid))
        .map(row -> ReferenceMapper.map(row, LATER))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aSagaIsTakenOverInEveryPart() {
    var options =
        new TransactionOptions(
            true,
            Duration.ofSeconds(3600),
            Duration.ofSeconds(5),
            Duration.ofSeconds(7),
            9,
            false,
            Map.of("x-tenant", "köln"));
    var definition =
        new TransactionDefinition(
            new Gid("saga-half"),
            new TransactionSpec.Saga(false, Map.of()),
            BranchProtocol.HTTP,
            options,
            "",
            "{\"orders\":null,\"concurrent\":false}",
            CREATED);
    var progress =
        new TransactionProgress(
            TransactionStatus.SUBMITTED,
            1,
            new Schedule(NOW.plusSeconds(5), Duration.ofSeconds(10), 0, ""),
            NOW.minusSeconds(5),
            null,
            "",
            "");

    var saga = mapped("saga-half");

    assertThat(saga.definition()).isEqualTo(definition);
    assertThat(saga.progress()).isEqualTo(progress);
    assertThat(saga.branches())
        .hasSize(6)
        .startsWith(
            new Branch(
                "01",
                Operation.COMPENSATE,
                "http://h/saga-half/01/compensate",
                Payload.ofText("{\"n\":\"01\"}"),
                new Branch.Progress(
                    BranchStatus.PREPARED, 0, CREATED, NOW.minusSeconds(7), null, "")),
            new Branch(
                "01",
                Operation.ACTION,
                "http://h/saga-half/01/action",
                Payload.ofText("{\"n\":\"01\"}"),
                new Branch.Progress(
                    BranchStatus.SUCCEEDED,
                    0,
                    CREATED,
                    NOW.minusSeconds(7),
                    NOW.minusSeconds(7),
                    "")));
  }

  @Test
  void whatIsParticularToAModeIsReadFromItsCustomData() {
    assertThat(mapped("saga-ordered").definition().spec())
        .isEqualTo(new TransactionSpec.Saga(true, Map.of(2, List.of(0, 1))));
    assertThat(mapped("msg-delayed").definition().spec())
        .isEqualTo(new TransactionSpec.Message(Duration.ofMinutes(10)));
    assertThat(mapped("workflow").definition().spec())
        .isEqualTo(new TransactionSpec.Workflow("transfer", Payload.of(new byte[] {0, -1})));
    assertThat(mapped("workflow").definition().checkBackUrl())
        .isEqualTo("http://h/workflow/resume");
    assertThat(mapped("tcc-prepared").definition().spec()).isEqualTo(new TransactionSpec.Tcc());
    assertThat(mapped("xa-submitted").definition().spec()).isEqualTo(new TransactionSpec.Xa());
    assertThat(mapped("msg-topic").options().concurrent()).isTrue();
    assertThat(mapped("msg-topic").definition().protocol()).isEqualTo(BranchProtocol.GRPC);
    assertThat(mapped("saga-back").progress().rollbackReason())
        .isEqualTo("url:http://x return failed: no FAILURE");
  }

  @Test
  void withoutTimesItIsAsIfCreatedNowAndDueAtOnce() {
    var bare = mapped("bare");

    assertThat(bare.definition().createdAt()).isEqualTo(LATER);
    assertThat(bare.progress().updatedAt()).isEqualTo(LATER);
    assertThat(bare.schedule()).isEqualTo(new Schedule(LATER, Duration.ofSeconds(10), 0, ""));
    assertThat(bare.options()).isEqualTo(TransactionOptions.defaults());
    assertThat(bare.branches().getFirst().progress().createdAt()).isEqualTo(LATER);
  }

  @Test
  void aSagasRowsComeInTheOrderThatTheEngineExpects() {
    var shuffled =
        Rows.saga("a")
            .branch("01", "action", "succeed")
            .branch("02", "compensate", "prepared")
            .branch("01", "compensate", "prepared")
            .branch("02", "action", "prepared")
            .build();

    assertThat(ReferenceMapper.map(shuffled, NOW).branches())
        .extracting(branch -> branch.branchId() + " " + branch.operation().name())
        .containsExactly("01 compensate", "01 action", "02 compensate", "02 action");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bad-type     | trans_type: "sage" (expected: one of saga, tcc, xa, msg, workflow)
          bad-status   | status: "going" (expected: one of prepared, submitted, aborting, succeed, failed)
          bad-options  | options: no JSON
          bad-option   | options.retry_limit: -1 (expected: a whole number
          bad-orders   | custom_data.orders: step 7 (expected: none
          bad-pair     | branch 01: no compensate
          bad-branch   | status of branch 01: "perhaps"
          bad-empty    | branches: none
          bad-msg      | status: aborting (expected, for an unfinished msg: prepared or submitted)
          bad-workflow | custom_data.name: missing
          bad-protocol | protocol: "smtp"
          """)
  void whatNoEngineOfOursCouldCarryOnIsRefused(String gid, String reason) {
    var expected = reason.replace("(expected: none", "(expected: ");
    assertThatThrownBy(() -> mapped(gid))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(expected.strip());
  }

  @Test
  void aGidThatIsNoneOfOursIsRefused() {
    assertThatThrownBy(() -> mapped("bad\tgid")).hasMessageContaining("control character U+0009");
  }
}
