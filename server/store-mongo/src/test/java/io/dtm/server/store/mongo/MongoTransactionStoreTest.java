package io.dtm.server.store.mongo;

import io.dtm.server.core.Gid;
import io.dtm.server.core.TransactionStore;
import io.dtm.testing.store.testkit.TransactionStoreContract;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import org.bson.Document;
import org.bson.types.Binary;
import org.junit.jupiter.api.AfterEach;

final class MongoTransactionStoreTest extends TransactionStoreContract {
  private final TestServer server = TestServer.start();

  @Override
  protected TransactionStore open(InstantSource clock) {
    return MongoTransactionStore.open(server.config(), clock);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Override
  public OptionalInt tooManyBytes() {
    return OptionalInt.of(17 << 20);
  }

  @Override
  protected void makeUnreadable(List<Gid> gids) {
    var progress = new Document("progress", new Binary(new byte[] {99}));
    for (var gid : gids) {
      server
          .collection("dtm_transactions")
          .updateOne(new Document("_id", gid.value()), new Document("$set", progress));
    }
  }
}
