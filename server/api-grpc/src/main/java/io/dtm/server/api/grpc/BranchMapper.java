package io.dtm.server.api.grpc;

import io.dtm.protocol.Keys;
import io.dtm.protocol.Operations;
import io.dtm.protocol.Statuses;
import io.dtm.protocol.grpc.DtmBranchRequest;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.Operation;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.engine.NewBranch;
import java.util.List;

/** Makes the branches that a client registers. The way back comes first, as in all listings. */
final class BranchMapper {
  private BranchMapper() {}

  /**
   * @throws InvalidRequest when the mode has no such branches, or a field is missing or wrong
   */
  static List<NewBranch> toBranches(TransactionMode mode, DtmBranchRequest request) {
    return switch (mode) {
      case TCC ->
          List.of(
              callable(request, Operation.CANCEL, Operations.CANCEL),
              callable(request, Operation.CONFIRM, Operations.CONFIRM));
      case XA -> {
        if (data(request, Keys.URL).isEmpty()) {
          // nobody would ever be told to commit
          throw InvalidRequest.of(field(Keys.URL), "", "where the branch is committed");
        }
        yield List.of(
            callable(request, Operation.ROLLBACK, Keys.URL),
            callable(request, Operation.COMMIT, Keys.URL));
      }
      case WORKFLOW -> List.of(step(request));
      case SAGA, MESSAGE ->
          throw InvalidRequest.of(
              Fields.TRANS_TYPE, request.getTransType(), "one of tcc, xa, workflow");
    };
  }

  private static NewBranch callable(DtmBranchRequest request, Operation operation, String urlKey) {
    if (request.getBranchID().isEmpty()) {
      throw InvalidRequest.of(Fields.BRANCH_ID, "", "the branch's id");
    }
    return new NewBranch(
        Fields.name(Fields.BRANCH_ID, request.getBranchID()),
        operation,
        Fields.address(field(urlKey), data(request, urlKey)),
        RequestMapper.payload(request.getBusiPayload()),
        BranchStatus.PREPARED);
  }

  /** A workflow's step is recorded with its end; outside of branches its id is empty. */
  private static NewBranch step(DtmBranchRequest request) {
    var operation = Fields.name(field(Keys.OP), data(request, Keys.OP));
    if (operation.isEmpty()) {
      throw InvalidRequest.of(field(Keys.OP), "", "what the step did, such as action");
    }
    return new NewBranch(
        Fields.name(Fields.BRANCH_ID, request.getBranchID()),
        new Operation(operation),
        "",
        RequestMapper.payload(request.getBusiPayload()),
        status(data(request, Keys.STATUS)));
  }

  private static BranchStatus status(String word) {
    return switch (word) {
      case Statuses.SUCCEED -> BranchStatus.SUCCEEDED;
      case Statuses.FAILED -> BranchStatus.FAILED;
      default -> throw InvalidRequest.of(field(Keys.STATUS), word, "succeed or failed");
    };
  }

  private static String data(DtmBranchRequest request, String key) {
    return request.getDataMap().getOrDefault(key, "");
  }

  private static String field(String key) {
    return Fields.DATA + "." + key;
  }
}
