package io.dtm.sdk.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.client.TransactionClient;
import org.junit.jupiter.api.RepeatedTest;

/** A server that the constructor asks for is the one of all tests. */
@WithTransactionServer
class SharedServerTest {
  private static TransactionServer first;
  private final TransactionServer server;

  SharedServerTest(TransactionServer server) {
    this.server = server;
  }

  @RepeatedTest(2)
  void theServerOfTheConstructorIsSharedByAllTests(
      TransactionServer own, TransactionClient client) {
    if (first == null) {
      first = server;
    }

    assertThat(server).isSameAs(first).isSameAs(own);
    assertThat(client.newGid()).isNotEmpty();
  }
}
