package io.dtm.server.engine;

import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.Gid;
import io.dtm.server.core.Step;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionSpec;
import java.util.List;

/**
 * A transaction as a client asks for it, checked by the edge but not yet stored.
 *
 * @param checkBackUrl see {@link io.dtm.server.core.TransactionDefinition}
 * @param customData the client's {@code custom_data}, word for word
 */
public record TransactionRequest(
    Gid gid,
    TransactionSpec spec,
    BranchProtocol protocol,
    TransactionOptions options,
    String checkBackUrl,
    String customData,
    List<Step> steps) {
  public TransactionRequest {
    steps = List.copyOf(steps);
  }
}
