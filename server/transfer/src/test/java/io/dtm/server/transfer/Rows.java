package io.dtm.server.transfer;

import io.dtm.server.core.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds rows of the reference: {@code saga("a").status("aborting").branch(…).build()}. */
final class Rows {
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant CREATED = NOW.minusSeconds(60);

  private final String gid;
  private final String transType;
  private final List<ReferenceBranch> branches = new ArrayList<>();
  private String status = "submitted";
  private String protocol = "http";
  private String queryPrepared = "";
  private String options = "{\"concurrent\":false}";
  private String customData = "";
  private String reason = "";
  private @Nullable Instant createTime = CREATED;
  private @Nullable Instant nextCronTime = NOW.plusSeconds(5);
  private long interval = 10;

  private Rows(String gid, String transType) {
    this.gid = gid;
    this.transType = transType;
  }

  static Rows row(String gid, String transType) {
    return new Rows(gid, transType);
  }

  static Rows saga(String gid) {
    return row(gid, "saga");
  }

  Rows status(String word) {
    status = word;
    return this;
  }

  Rows protocol(String word) {
    protocol = word;
    return this;
  }

  Rows queryPrepared(String url) {
    queryPrepared = url;
    return this;
  }

  Rows options(String json) {
    options = json;
    return this;
  }

  Rows customData(String json) {
    customData = json;
    return this;
  }

  Rows reason(String text) {
    reason = text;
    return this;
  }

  Rows createTime(@Nullable Instant time) {
    createTime = time;
    return this;
  }

  Rows schedule(@Nullable Instant next, long seconds) {
    nextCronTime = next;
    interval = seconds;
    return this;
  }

  /** One operation, called at {@code http://<gid>/<id>/<op>}. */
  Rows branch(String id, String op, String word) {
    return branch(id, op, word, Payload.ofText("{\"n\":\"" + id + "\"}"));
  }

  Rows branch(String id, String op, String word, Payload payload) {
    var finished = word.equals("prepared") ? null : NOW.minusSeconds(7);
    var times =
        createTime == null
            ? new ReferenceBranch.Times(null, null, null)
            : new ReferenceBranch.Times(createTime, NOW.minusSeconds(7), finished);
    branches.add(
        new ReferenceBranch(
            id, op, word, "http://h/%s/%s/%s".formatted(gid, id, op), payload, times));
    return this;
  }

  /** A step of a saga. */
  Rows step(String id, String compensation, String action) {
    return branch(id, "compensate", compensation).branch(id, "action", action);
  }

  ReferenceTransaction build() {
    var updated = createTime == null ? null : NOW.minusSeconds(5);
    return new ReferenceTransaction(
        gid,
        transType,
        status,
        protocol,
        queryPrepared,
        options,
        customData,
        new ReferenceTransaction.Outcome(reason, ""),
        new ReferenceTransaction.Times(createTime, updated, nextCronTime, interval),
        branches);
  }
}
