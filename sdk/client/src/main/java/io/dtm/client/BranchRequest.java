package io.dtm.client;

import static java.util.Objects.requireNonNull;

import io.dtm.protocol.Keys;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which branch of which transaction a participant is called for, and what is asked of it. It comes
 * with every call, over HTTP in the query of the URL, over gRPC in the metadata; gid, branch and
 * operation are the same each time a call is repeated.
 *
 * @param gid the global transaction
 * @param mode its kind
 * @param branchId {@code 01} for the first branch, {@code 0102} for the second that the first has
 *     registered itself; {@code 00} when a message's sender is asked whether it committed
 * @param operation {@code action}, {@code compensate}, {@code try}, {@code confirm}, {@code
 *     cancel}, {@code commit}, {@code rollback} or {@code msg}, see {@link
 *     io.dtm.protocol.Operations}; the name of a workflow when that is to be resumed
 * @param manager where the caller's manager is, for participants that register branches of their
 *     own; empty in the manager's own calls, which cannot be nested
 * @param phase2Url of an XA branch's action: where its commit and rollback are to be asked for;
 *     else empty
 */
public record BranchRequest(
    String gid,
    TransactionMode mode,
    String branchId,
    String operation,
    String manager,
    String phase2Url) {

  private static final int NAME_LENGTH_MAX = 128;

  /**
   * @throws IllegalArgumentException when the gid, the branch or the operation is missing, too long
   *     or not to be written in one line
   */
  public BranchRequest {
    Arguments.gid(gid);
    requireNonNull(mode, "mode");
    requireName(Keys.BRANCH_ID, branchId);
    requireName(Keys.OP, operation);
    requireNonNull(manager, "manager");
    requireNonNull(phase2Url, "phase2Url");
  }

  /**
   * As the manager asks, without an own manager to come back to.
   *
   * @throws IllegalArgumentException as above
   */
  public static BranchRequest of(
      String gid, TransactionMode mode, String branchId, String operation) {
    return new BranchRequest(gid, mode, branchId, operation, "", "");
  }

  /**
   * The request in the query of a call over HTTP.
   *
   * @param query the part of the URL behind the question mark, still encoded; null for none
   * @throws IllegalArgumentException when it lacks one of {@code gid}, {@code trans_type}, {@code
   *     branch_id} and {@code op}, or one is wrong: the call comes from no manager, answer 400
   */
  public static BranchRequest fromQuery(@Nullable String query) {
    return from(parameters(query == null ? "" : query)::get);
  }

  /**
   * The same from a framework's request, such as {@code BranchRequest.from(request::getParameter)}.
   *
   * @param parameters tells a parameter's value by its name, decoded; null when there is none
   * @throws IllegalArgumentException as {@link #fromQuery}
   */
  public static BranchRequest from(Function<String, @Nullable String> parameters) {
    return new BranchRequest(
        required(parameters, Keys.GID),
        TransactionMode.ofWord(required(parameters, Keys.TRANS_TYPE)),
        required(parameters, Keys.BRANCH_ID),
        required(parameters, Keys.OP),
        orEmpty(parameters.apply(Keys.DTM)),
        orEmpty(parameters.apply(Keys.PHASE2_URL)));
  }

  /** What {@link #from} reads, in the order of the wire; members that are empty left out. */
  public Map<String, String> parameters() {
    var parameters = new LinkedHashMap<String, String>();
    if (!manager.isEmpty()) {
      parameters.put(Keys.DTM, manager);
    }
    parameters.put(Keys.BRANCH_ID, branchId);
    parameters.put(Keys.GID, gid);
    parameters.put(Keys.OP, operation);
    parameters.put(Keys.TRANS_TYPE, mode.word());
    if (!phase2Url.isEmpty()) {
      parameters.put(Keys.PHASE2_URL, phase2Url);
    }
    return parameters;
  }

  /** The URL with these parameters behind those that it has; its fragment is left out. */
  public String addedTo(String url) {
    var query =
        parameters().entrySet().stream()
            .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
            .collect(Collectors.joining("&"));
    var fragment = url.indexOf('#');
    var address = fragment < 0 ? url : url.substring(0, fragment);
    return address + separator(address) + query;
  }

  private static String separator(String address) {
    if (address.indexOf('?') < 0) {
      return "?";
    }
    return address.endsWith("?") || address.endsWith("&") ? "" : "&";
  }

  /**
   * A gid for a transaction of this participant's own that it starts as part of this branch: the
   * same each time the call is repeated, so that it is started once.
   */
  public String nestedGid() {
    return Arguments.gid("%s-%s-%s".formatted(gid, branchId, operation));
  }

  private static void requireName(String name, String value) {
    requireNonNull(value, name);
    if (value.isEmpty() || value.length() > NAME_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "%s: %d characters (expected: 1 to %d)".formatted(name, value.length(), NAME_LENGTH_MAX));
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: no control characters)".formatted(name, value));
    }
  }

  private static String required(Function<String, @Nullable String> parameters, String name) {
    var value = parameters.apply(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: missing (expected: gid, trans_type, branch_id and op, as a transaction manager sends"
                  .formatted(name)
              + " them)");
    }
    return value;
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static Map<String, String> parameters(String query) {
    var parameters = new HashMap<String, String>();
    for (var pair : query.split("&", -1)) {
      var equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.putIfAbsent(
            decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
