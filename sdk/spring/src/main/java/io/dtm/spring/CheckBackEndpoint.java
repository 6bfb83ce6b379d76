package io.dtm.spring;

import static java.util.Objects.requireNonNull;

import io.dtm.barrier.Barrier;
import io.dtm.client.BranchRefused;
import io.dtm.client.TransactionMode;
import io.dtm.protocol.Operations;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.http.ResponseEntity;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Answers the check-backs of two-phase messages that this application sends with {@link
 * TransactionalMessages}, at {@link #PATH}: 200 when the local transaction has committed, 409 when
 * it has not, and then it never will.
 */
public final class CheckBackEndpoint implements SmartInitializingSingleton {
  /** Where, below the application's base URL. */
  public static final String PATH = "/dtm/check-back";

  private final RequestMappingHandlerMapping mapping;
  private final BarrierDatabase database;

  public CheckBackEndpoint(RequestMappingHandlerMapping mapping, BarrierDatabase database) {
    this.mapping = requireNonNull(mapping, "mapping");
    this.database = requireNonNull(database, "database");
  }

  @Override
  public void afterSingletonsInstantiated() {
    Endpoints.register(mapping, PATH, new CheckBack(database));
  }

  /** Apart, so that the bean offers no method that looks like a handler. */
  private static final class CheckBack {
    private final BarrierDatabase database;

    private CheckBack(BarrierDatabase database) {
      this.database = database;
    }

    @SuppressWarnings("unused") // Spring calls it.
    ResponseEntity<Void> handle(HttpServletRequest http) {
      var request = CurrentBranch.read(http);
      if (request.mode() != TransactionMode.MESSAGE
          || !request.operation().equals(Operations.MSG)) {
        throw new NotABranchCall(
            "op: '%s' of a %s (expected: msg of a msg, at this address)"
                .formatted(request.operation(), request.mode().word()));
      }
      return switch (database.queryPrepared(Barrier.ofMessage(request.gid()))) {
        case COMMITTED -> ResponseEntity.ok().build();
        case ROLLED_BACK -> throw new BranchRefused("the local transaction did not commit");
      };
    }
  }
}
