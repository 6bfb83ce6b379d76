package io.dtm.sdk.testing;

import io.dtm.protocol.TransTypes;
import io.dtm.sdk.testing.CallAnswer.Kind;
import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchResult.Availability;
import io.dtm.server.core.TransactionMode;

/**
 * The server's calls on their way, over whatever protocol, so that neither a participant nor an
 * address has to change for a fault. Thread-safe.
 */
final class FaultyBranchCaller implements BranchCaller {
  private final BranchCaller caller;
  private final Switchboard switchboard;
  private final ParticipantProxy proxy;

  FaultyBranchCaller(BranchCaller caller, Switchboard switchboard, ParticipantProxy proxy) {
    this.caller = caller;
    this.switchboard = switchboard;
    this.proxy = proxy;
  }

  /** An address of the proxy is the participant's: nothing is to pass the switchboard twice. */
  @Override
  public BranchResult call(BranchCall call) {
    var direct = call.withUrl(proxy.original(call.url()));
    return switchboard.carry(
        new CallIdentity(
            transType(call.mode()),
            call.gid().value(),
            call.branchId(),
            call.operation().name(),
            direct.url()),
        new ServerPassage(direct));
  }

  private static String transType(TransactionMode mode) {
    return switch (mode) {
      case SAGA -> TransTypes.SAGA;
      case TCC -> TransTypes.TCC;
      case XA -> TransTypes.XA;
      case MESSAGE -> TransTypes.MSG;
      case WORKFLOW -> TransTypes.WORKFLOW;
    };
  }

  private final class ServerPassage implements Passage<BranchResult> {
    private final BranchCall call;

    ServerPassage(BranchCall call) {
      this.call = call;
    }

    /** What is on its way arrives, whatever has become of its transaction. */
    @Override
    public BranchResult deliver() {
      return caller.call(
          new BranchCall(
              call.gid(),
              call.mode(),
              call.branchId(),
              call.operation(),
              call.protocol(),
              call.url(),
              call.payload(),
              call.headers(),
              call.timeout()));
    }

    @Override
    public CallAnswer meaning(BranchResult answer) {
      return switch (answer) {
        case BranchResult.Succeeded ignored -> new CallAnswer(Kind.DONE, "");
        case BranchResult.Refused(var message) -> new CallAnswer(Kind.REFUSED, message);
        case BranchResult.Ongoing ignored -> new CallAnswer(Kind.ONGOING, "");
        case BranchResult.Unclear(var message, var ignored) ->
            new CallAnswer(Kind.UNCLEAR, message);
        case BranchResult.Deferred(var message, var ignored) ->
            new CallAnswer(Kind.UNCLEAR, message);
      };
    }

    @Override
    public BranchResult insteadOf(Fault fault) {
      return switch (fault) {
        case REFUSE -> new BranchResult.Refused(Injected.REFUSED);
        case ONGOING -> new BranchResult.Ongoing();
        case NONE, ERROR, DUPLICATE -> new BranchResult.Unclear("HTTP 500: " + Injected.ERROR);
        case LATE, REPLY_LOST, TIME_OUT, CRASH_BEFORE, CRASH_AFTER ->
            new BranchResult.Unclear(Injected.SILENCE, Availability.UNAVAILABLE);
      };
    }

    @Override
    public boolean isOfServer() {
      return true;
    }
  }
}
