package io.dtm.examples.bank;

import static java.util.stream.Collectors.toMap;

import io.dtm.barrier.Barrier;
import io.dtm.protocol.TransTypes;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Which call of which transaction this is, as the manager says in the query of the URL: the same
 * three for every repetition.
 *
 * @param operation {@code action} or {@code compensate}
 */
public record BranchCall(String gid, String branchId, String operation) {
  /** Empty when it is not the manager who calls. */
  static Optional<BranchCall> from(URI uri) {
    var query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    Map<String, String> parameters =
        Arrays.stream(query.split("&"))
            .map(pair -> pair.split("=", 2))
            .filter(pair -> pair.length == 2)
            .collect(toMap(pair -> pair[0], pair -> decoded(pair[1]), (first, second) -> first));
    var gid = parameters.get("gid");
    var branchId = parameters.get("branch_id");
    var operation = parameters.get("op");
    return gid == null || branchId == null || operation == null
        ? Optional.empty()
        : Optional.of(new BranchCall(gid, branchId, operation));
  }

  /** What keeps this call from taking effect twice, or too late. */
  Barrier barrier() {
    return Barrier.of(gid, TransTypes.SAGA, branchId, operation);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
