package io.dtm.cli.verify;

import io.dtm.protocol.Operations;
import io.dtm.protocol.TransTypes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one branch, by the part that they play.
 *
 * @param transType in the words of the wire
 * @param forward comes first: an action or a try
 * @param settle makes it definite: a confirm
 * @param undo takes it back: a compensate or a cancel
 */
public record BranchEndpoints(
    String transType, Endpoint forward, @Nullable Endpoint settle, @Nullable Endpoint undo) {

  /**
   * Reads them off a list of addresses: a message's action; a saga's action and compensate; a TCC's
   * try, confirm and cancel.
   */
  public static BranchEndpoints of(List<String> urls) {
    return switch (urls.size()) {
      case 1 ->
          new BranchEndpoints(
              TransTypes.MSG, new Endpoint(Operations.ACTION, urls.get(0)), null, null);
      case 2 ->
          new BranchEndpoints(
              TransTypes.SAGA,
              new Endpoint(Operations.ACTION, urls.get(0)),
              null,
              new Endpoint(Operations.COMPENSATE, urls.get(1)));
      case 3 ->
          new BranchEndpoints(
              TransTypes.TCC,
              new Endpoint(Operations.TRY, urls.get(0)),
              new Endpoint(Operations.CONFIRM, urls.get(1)),
              new Endpoint(Operations.CANCEL, urls.get(2)));
      default ->
          throw new IllegalArgumentException(
              "%d URLs (expected: ACTION, or ACTION COMPENSATE, or TRY CONFIRM CANCEL)"
                  .formatted(urls.size()));
    };
  }

  Optional<Endpoint> settling() {
    return Optional.ofNullable(settle);
  }

  Optional<Endpoint> undoing() {
    return Optional.ofNullable(undo);
  }
}
