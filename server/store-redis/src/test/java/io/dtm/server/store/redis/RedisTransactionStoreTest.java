package io.dtm.server.store.redis;

import io.dtm.server.core.Gid;
import io.dtm.server.core.TransactionStore;
import io.dtm.testing.databases.RedisServer;
import io.dtm.testing.store.testkit.TransactionStoreContract;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class RedisTransactionStoreTest extends TransactionStoreContract {
  private static final int VALUE_BYTES_MAX = 16 << 20;

  private static RedisServer server;

  private final String prefix = TestStores.nextPrefix();

  @BeforeAll
  static void startServer() {
    server = RedisServer.start(List.of("--proto-max-bulk-len", Integer.toString(VALUE_BYTES_MAX)));
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  @Override
  protected TransactionStore open(InstantSource clock) {
    return RedisTransactionStore.open(
        RedisStoreConfig.standalone(server.uri()).withPrefix(prefix), clock);
  }

  @Override
  public OptionalInt tooManyBytes() {
    return OptionalInt.of(VALUE_BYTES_MAX + 1);
  }

  @Override
  protected void makeUnreadable(List<Gid> gids) {
    TestStores.ask(server.uri(), redis -> TestStores.makeUnreadable(redis, prefix, gids));
  }
}
