package io.dtm.server.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import io.dtm.server.core.Payload;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON documents that the reference keeps where it has no tables. What is not as it
 * should be is an {@link IllegalArgumentException} that says so.
 */
final class ReferenceDocuments {
  private static final double EPOCH_SECOND_MAX = Instant.MAX.getEpochSecond();

  private ReferenceDocuments() {}

  /**
   * @param status stands beside the document, and is the one that the reference compares with;
   *     empty when it is gone
   * @param dueAt when it is looked at next, in seconds since 1970
   */
  static ReferenceTransaction transaction(
      String gid, String document, String status, double dueAt, List<String> branches) {
    var json = JsonFields.of("", document);
    if (!json.text("gid").equals(gid)) {
      throw new IllegalArgumentException(
          "gid: %s in its record (expected: %s)".formatted(json.text("gid"), gid));
    }
    var options = json.text("options");
    return new ReferenceTransaction(
        gid,
        json.text("trans_type"),
        status.isEmpty() ? json.text("status") : status,
        json.text("protocol"),
        json.text("query_prepared"),
        options.isEmpty() ? document : options, // its members stand in the document, too
        json.text("custom_data"),
        new ReferenceTransaction.Outcome(json.text("rollback_reason"), json.text("result")),
        new ReferenceTransaction.Times(
            time(json, "create_time"),
            time(json, "update_time"),
            dueAt(dueAt),
            json.count("next_cron_interval")),
        branches(branches));
  }

  private static Instant dueAt(double score) {
    if (!(score >= 0 && score < EPOCH_SECOND_MAX)) {
      throw new IllegalArgumentException(
          "due time: %s (expected: seconds since 1970)".formatted(score));
    }
    return Instant.ofEpochSecond((long) score);
  }

  private static List<ReferenceBranch> branches(List<String> documents) {
    var branches = new ArrayList<ReferenceBranch>(documents.size());
    for (var document : documents) {
      var json = JsonFields.of("branch " + (branches.size() + 1), document);
      branches.add(
          new ReferenceBranch(
              json.text("branch_id"),
              json.text("op"),
              json.text("status"),
              json.text("url"),
              payload(json.text("bin_data")),
              new ReferenceBranch.Times(
                  time(json, "create_time"),
                  time(json, "update_time"),
                  time(json, "finish_time"))));
    }
    return branches;
  }

  private static Payload payload(String base64) {
    try {
      return Payload.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("bin_data: no base64 (%s)".formatted(e.getMessage()), e);
    }
  }

  /** The reference's word for "never" is the beginning of the year 1. */
  private static @Nullable Instant time(JsonFields json, String field) {
    var text = json.text(field);
    try {
      var time = text.isEmpty() ? null : OffsetDateTime.parse(text);
      return time == null || time.getYear() <= 1 ? null : time.toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "%s: %s (expected: a time such as 2026-01-31T09:30:00+08:00)".formatted(field, text), e);
    }
  }

  /** The list inside an entry of the settings. */
  static String subscribers(String entry) {
    JsonNode list = JsonFields.of("", entry).find("v");
    return list == null ? "" : list.asText();
  }
}
