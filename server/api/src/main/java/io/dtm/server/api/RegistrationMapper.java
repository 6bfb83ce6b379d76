package io.dtm.server.api;

import io.dtm.protocol.Keys;
import io.dtm.protocol.Messages;
import io.dtm.protocol.RegistrationJson;
import io.dtm.protocol.Statuses;
import io.dtm.protocol.TransTypes;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.Gid;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.engine.NewBranch;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes branches of a registration, and refuses those that could never be called. The order of a
 * branch's operations is that in which clients expect to see them. Thread-safe.
 */
final class RegistrationMapper {
  private static final int NAME_LENGTH_MAX = 128;
  private static final String ADDRESS = "an address, which may be empty";

  /** A registration in domain words. */
  record Registration(Gid gid, TransactionMode mode, List<NewBranch> branches) {}

  /**
   * @throws InvalidRequest when a member is missing or wrong
   */
  Registration toRegistration(RegistrationJson json) {
    var gid = Gids.parse(json.gid());
    return switch (json.transType()) {
      case TransTypes.TCC -> new Registration(gid, TransactionMode.TCC, tcc(json));
      case TransTypes.XA -> new Registration(gid, TransactionMode.XA, xa(json));
      case TransTypes.WORKFLOW ->
          new Registration(gid, TransactionMode.WORKFLOW, List.of(step(json)));
      case "" -> throw InvalidRequest.of(Keys.TRANS_TYPE, "missing", expectedTypes());
      default ->
          throw InvalidRequest.of(Messages.UNKNOWN_TRANS_TYPE, json.transType(), expectedTypes());
    };
  }

  private static String expectedTypes() {
    return "one of " + String.join(", ", TransTypes.TCC, TransTypes.XA, TransTypes.WORKFLOW);
  }

  private static List<NewBranch> tcc(RegistrationJson json) {
    var id = branchId(json);
    if (json.confirm() == null && json.cancel() == null) {
      throw InvalidRequest.of(Keys.CONFIRM + ", " + Keys.CANCEL, "missing", ADDRESS);
    }
    var cancel = address(Keys.CANCEL, json.cancel());
    var confirm = address(Keys.CONFIRM, json.confirm());
    var payload = payload(json);
    return List.of(
        planned(id, Operation.CANCEL, cancel, payload),
        planned(id, Operation.CONFIRM, confirm, payload));
  }

  /** Some clients send null where the application has nothing to be called. */
  private static String address(String field, @Nullable String url) {
    return BranchUrls.check(field, Objects.requireNonNullElse(url, ""));
  }

  private static List<NewBranch> xa(RegistrationJson json) {
    var id = branchId(json);
    var url = BranchUrls.check(Keys.URL, named(Keys.URL, json.url(), "an address"));
    var payload = payload(json);
    return List.of(
        planned(id, Operation.ROLLBACK, url, payload), planned(id, Operation.COMMIT, url, payload));
  }

  /** A workflow's own steps have no branch id. */
  private static NewBranch step(RegistrationJson json) {
    var id = Objects.requireNonNullElse(json.branchId(), "");
    var operation = named(Keys.OP, json.op(), "the name of the step");
    return new NewBranch(
        id.isEmpty() ? id : checkedName(Keys.BRANCH_ID, id),
        new Operation(checkedName(Keys.OP, operation)),
        "",
        payload(json),
        stepStatus(json));
  }

  private static BranchStatus stepStatus(RegistrationJson json) {
    var expected =
        "one of " + String.join(", ", Statuses.SUCCEED, Statuses.FAILED, Statuses.PREPARED);
    return Words.branchStatus(Keys.STATUS, given(Keys.STATUS, json.status(), expected));
  }

  private static NewBranch planned(String id, Operation operation, String url, Payload payload) {
    return new NewBranch(id, operation, url, payload, BranchStatus.PREPARED);
  }

  private static Payload payload(RegistrationJson json) {
    return Payload.ofText(Objects.requireNonNullElse(json.data(), ""));
  }

  private static String branchId(RegistrationJson json) {
    var id = named(Keys.BRANCH_ID, json.branchId(), "a name for the branch, such as 01");
    return checkedName(Keys.BRANCH_ID, id);
  }

  private static String given(String field, @Nullable String value, String expected) {
    if (value == null) {
      throw InvalidRequest.of(field, "missing", expected);
    }
    return value;
  }

  private static String named(String field, @Nullable String value, String expected) {
    if (value == null || value.isEmpty()) {
      throw InvalidRequest.of(field, "missing", expected);
    }
    return value;
  }

  private static String checkedName(String field, String name) {
    return Names.check(field, name, NAME_LENGTH_MAX);
  }
}
