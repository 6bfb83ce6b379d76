package io.dtm.barrier.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import io.dtm.barrier.Barrier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** The example of the documents is the code that runs here. */
class MongoDocsTest {
  private static final Path DOCS = Path.of("..", "..", "docs", "java");
  private static final Path SOURCE =
      Path.of("src/test/java/io/dtm/barrier/mongo/MongoDocsTest.java");

  @Test
  void theExampleDoesWhatItSays() {
    var query = Map.of("gid", "g", "trans_type", "saga", "branch_id", "01", "op", "action");
    var umbrella = new Document("_id", "umbrella");
    var takeOne = new Document("$inc", new Document("left", -1));
    var server = new MongoServer(new SessionBackend());
    try (var client = MongoClients.create(server.bindAndGetConnectionString())) {
      var stock = client.getDatabase("shop").getCollection("stock");
      stock.insertOne(new Document("_id", "umbrella").append("left", 1));
      // docs: mongo
      var mongo = MongoBarrier.of(client);
      mongo.createIndex(); // once, as the service starts
      mongo.run(Barrier.from(query), session -> stock.updateOne(session, umbrella, takeOne));
      // docs: end

      assertThat(stock.find().first()).containsEntry("left", 0);
    } finally {
      server.shutdownNow();
    }
  }

  @Test
  void theExampleInTheDocumentsIsTheOneThatRuns() throws IOException {
    var source = Files.readString(SOURCE);
    var begin = "// docs: " + "mongo\n";
    var from = source.indexOf(begin) + begin.length();
    var end = source.lastIndexOf('\n', source.indexOf("// docs: " + "end", from));
    var example = "```java\n" + source.substring(from, end).stripIndent() + "\n```\n";

    assertThat(Files.readString(DOCS.resolve("barrier.md"))).contains(example);
    assertThat(Files.readString(DOCS.resolve("barrier-cn.md"))).contains(example);
  }
}
