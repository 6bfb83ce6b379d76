package io.dtm.testing.sdk;

import io.dtm.client.Payload;
import io.dtm.client.TransactionClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A mode of the client over either way, against a real server that the class has for itself. */
@Timeout(60)
@ParameterizedClass
@EnumSource
abstract class ModeContract {
  static final Duration PATIENCE = Duration.ofSeconds(40);
  static final Payload BODY = Payload.of("{\"amount\":30}");
  private static World world;

  final Way way;
  final TransactionClient client;
  final Participant participant = world.participant;

  ModeContract(Way way) {
    this.way = way;
    this.client = world.client(way);
  }

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  /** Of the participant, as it is called over this way. */
  final String address(String name) {
    return participant.address(way, name);
  }
}
