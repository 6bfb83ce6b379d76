package io.dtm.server.transfer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes keys as a reference would. */
final class RedisRows {
  /** Their records cannot be used. */
  static final List<String> ODD = List.of("odd-gone", "odd-text", "odd-time", "odd-name");

  private final RedisClusterCommands<String, String> redis;
  private final String prefix;

  RedisRows(RedisClusterCommands<String, String> redis, String prefix) {
    this.redis = redis;
    this.prefix = prefix;
  }

  void fill() {
    SampleReference.all().forEach(this::add);
    var ended = Rows.saga("ended").status("succeed").step("01", "prepared", "succeed").build();
    redis.set(prefix + "_g_ended", json(ended).toString());
    schedule("odd-gone", 1);
    addOdd("odd-text", "no JSON");
    addOdd("odd-time", "{\"gid\":\"odd-time\",\"create_time\":\"yesterday\"}");
    addOdd("odd-name", "{\"gid\":\"another\"}");
    for (var topic : SampleReference.TOPICS) {
      addEntry("topics", topic.name(), topic.subscribers());
    }
    addEntry("others", "orders", "not a list");
  }

  private void addOdd(String gid, String document) {
    redis.set(prefix + "_g_" + gid, document);
    schedule(gid, 1);
  }

  private void schedule(String gid, long dueAt) {
    redis.zadd(prefix + "_u", (double) dueAt, gid);
  }

  private void add(ReferenceTransaction row) {
    redis.set(prefix + "_g_" + row.gid(), json(row).toString());
    redis.set(prefix + "_s_" + row.gid(), row.status());
    for (var branch : row.branches()) {
      redis.rpush(prefix + "_b_" + row.gid(), json(row.gid(), branch).toString());
    }
    var dueAt = row.times().nextCronTime();
    schedule(row.gid(), dueAt == null ? 0 : dueAt.getEpochSecond());
  }

  private void addEntry(String category, String key, String value) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("id", 0).putNull("create_time").putNull("update_time");
    json.put("cat", category).put("k", key).put("v", value).put("version", 3);
    redis.set("%s_kv_%s_%s".formatted(prefix, category, key), json.toString());
  }

  private static ObjectNode json(ReferenceTransaction row) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("id", 0);
    put(json, "create_time", row.times().createTime());
    put(json, "update_time", row.times().updateTime());
    put(json, "gid", row.gid());
    put(json, "trans_type", row.transType());
    put(json, "status", row.status());
    put(json, "query_prepared", row.queryPrepared());
    put(json, "protocol", row.protocol());
    put(json, "rollback_reason", row.outcome().rollbackReason());
    put(json, "options", row.options());
    put(json, "custom_data", row.customData());
    if (row.times().nextCronInterval() > 0) {
      json.put("next_cron_interval", row.times().nextCronInterval());
    }
    put(json, "next_cron_time", row.times().nextCronTime());
    json.put("concurrent", false);
    return json;
  }

  private static ObjectNode json(String gid, ReferenceBranch branch) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("id", 0);
    put(json, "create_time", branch.times().createTime());
    put(json, "update_time", branch.times().updateTime());
    put(json, "gid", gid);
    put(json, "url", branch.url());
    put(json, "bin_data", Base64.getEncoder().encodeToString(branch.binData().bytes()));
    put(json, "branch_id", branch.branchId());
    put(json, "op", branch.op());
    put(json, "status", branch.status());
    put(json, "finish_time", branch.times().finishTime());
    return json;
  }

  /** The reference leaves out what is empty. */
  private static void put(ObjectNode json, String field, String text) {
    if (!text.isEmpty()) {
      json.put(field, text);
    }
  }

  private static void put(ObjectNode json, String field, @Nullable Instant time) {
    if (time != null) {
      json.put(field, time.atOffset(ZoneOffset.ofHours(8)).toString());
    }
  }
}
