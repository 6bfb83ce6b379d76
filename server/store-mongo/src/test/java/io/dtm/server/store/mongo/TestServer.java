package io.dtm.server.store.mongo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.bson.Document;

/**
 * A database of its own for a test: on the server that {@code DTM_TEST_MONGODB} names (a connection
 * string), else on a {@link LocalServer}.
 */
final class TestServer implements AutoCloseable {
  private static final String EXTERNAL = System.getenv().getOrDefault("DTM_TEST_MONGODB", "");

  private final MongoStoreConfig config;
  private final Runnable stop;
  private final MongoClient client;

  private TestServer(MongoStoreConfig config, Runnable stop) {
    var suffix = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    this.config = config.withDatabase("dtm_test_" + suffix);
    this.stop = stop;
    this.client = MongoClients.create(config.connectionString());
  }

  static TestServer start() {
    if (!EXTERNAL.isEmpty()) {
      return new TestServer(MongoStoreConfig.defaults(EXTERNAL), () -> {});
    }
    var server = LocalServer.start();
    return new TestServer(server.config(), server::close);
  }

  MongoStoreConfig config() {
    return config;
  }

  /** A collection as it is, without the store in between. */
  MongoCollection<Document> collection(String name) {
    return client.getDatabase(config.database()).getCollection(name);
  }

  @Override
  public void close() {
    client.getDatabase(config.database()).drop();
    client.close();
    stop.run();
  }
}
