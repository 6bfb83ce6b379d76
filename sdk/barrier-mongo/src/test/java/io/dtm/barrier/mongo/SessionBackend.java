package io.dtm.barrier.mongo;

import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that takes part in sessions as far as a driver can tell, and writes down what it is told
 * of transactions. It is no MongoDB: it does at once what belongs to a transaction, and undoes
 * nothing when that is aborted.
 */
final class SessionBackend extends MemoryBackend {
  private static final Set<String> GREETINGS = Set.of("hello", "ismaster", "isMaster");
  private static final Set<String> ENDS = Set.of("commitTransaction", "abortTransaction");

  private final List<String> commands = new CopyOnWriteArrayList<>();

  /** Those that belong to a transaction, in their order; the first of one is marked. */
  List<String> commands() {
    return List.copyOf(commands);
  }

  @Override
  public Document handleCommand(Channel channel, String database, String command, Document query) {
    if (query.containsKey("txnNumber")) {
      commands.add(query.containsKey("startTransaction") ? "start: " + command : command);
    }
    if (ENDS.contains(command) || command.equals("endSessions")) {
      return new Document("ok", 1.0);
    }
    var answer = super.handleCommand(channel, database, command, query);
    if (GREETINGS.contains(command)) {
      // As the router of a sharded cluster, which has transactions and no further members.
      answer.append("msg", "isdbgrid").append("logicalSessionTimeoutMinutes", 30);
    }
    return answer;
  }
}
