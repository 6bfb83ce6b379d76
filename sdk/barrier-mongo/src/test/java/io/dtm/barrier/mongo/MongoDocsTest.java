package io.dtm.barrier.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import io.dtm.barrier.Barrier;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/java/barrier.md} for MongoDB. */
class MongoDocsTest {
  @Test
  void theExampleDoesWhatItSays() {
    var query = Map.of("gid", "g", "trans_type", "saga", "branch_id", "01", "op", "action");
    var umbrella = new Document("_id", "umbrella");
    var takeOne = new Document("$inc", new Document("left", -1));
    var server = new MongoServer(new SessionBackend());
    try (var client = MongoClients.create(server.bindAndGetConnectionString())) {
      var stock = client.getDatabase("shop").getCollection("stock");
      stock.insertOne(new Document("_id", "umbrella").append("left", 1));
      // page: begin
      var mongo = MongoBarrier.of(client);
      mongo.createIndex(); // once, as the service starts
      mongo.run(Barrier.from(query), session -> stock.updateOne(session, umbrella, takeOne));
      // page: end

      assertThat(stock.find().first()).containsEntry("left", 0);
    } finally {
      server.shutdownNow();
    }
  }
}
