package io.dtm.testing.sdk;

import io.dtm.client.BranchProtocol;
import io.dtm.client.ManagerOperation;
import io.dtm.client.ManagerReply;
import io.dtm.client.ManagerRequest;
import io.dtm.client.ManagerTransport;
import java.util.concurrent.CompletionStage;

/**
 * The way to the server of a process that ends in the moment in which it would send its submit.
 *
 * @param wherever the way until then
 */
record DyingTransport(ManagerTransport wherever) implements ManagerTransport {
  /** What nobody in the process catches any more. */
  static final class ProcessEnded extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public CompletionStage<ManagerReply> call(ManagerRequest request) {
    if (request.operation() == ManagerOperation.SUBMIT) {
      throw new ProcessEnded();
    }
    return wherever.call(request);
  }

  @Override
  public String address() {
    return wherever.address();
  }

  @Override
  public BranchProtocol protocol() {
    return wherever.protocol();
  }
}
