package io.dtm.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransactionListenerTest {
  private static final String CONFLICT = "{\"dtm_result\":\"FAILURE\",\"message\":\"aborted\"}";

  private final FakeManager manager = new FakeManager();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final TransactionClient client = client(manager.url());

  private TransactionClient client(String url) {
    var listener =
        new TransactionListener() {
          @Override
          public void begun(TransactionMode mode, String gid) {
            heard.add("begun %s %s".formatted(mode, gid));
          }

          @Override
          public void ended(TransactionMode mode, TransactionResult result) {
            heard.add("%s %s %s".formatted(result.getClass().getSimpleName(), mode, result.gid()));
          }

          @Override
          public void failed(TransactionMode mode, String gid, Throwable failure) {
            heard.add("%s %s %s".formatted(failure.getClass().getSimpleName(), mode, gid));
          }
        };
    return TransactionClient.builder().baseUrl(url).listener(listener).build();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void hearsHowASagaEnded() {
    manager.succeeds();

    var unused = saga(client).waitForResult().submit();

    assertThat(heard).containsExactly("begun SAGA g1", "Succeeded SAGA g1");
  }

  @Test
  void hearsTheResultOfATccOnceItIsSubmitted() {
    manager.succeeds().succeeds();

    var unused = client.tcc("g1").run(branches -> {});

    assertThat(heard).containsExactly("begun TCC g1", "begun TCC g1", "Accepted TCC g1");
  }

  @Test
  void hearsThatATccWasTurnedBack() {
    manager.succeeds().succeeds().answers(200, FakeManager.description("g1", "tcc", "failed"));

    var unused =
        client
            .tcc("g1")
            .run(branches -> {
              throw new BranchRefused("above the limit");
            });

    assertThat(heard).containsExactly("begun TCC g1", "RolledBack TCC g1");
  }

  @Test
  void hearsThatAPreparedTransactionHadBeenDecidedBefore() {
    manager.answers(409, CONFLICT).answers(200, FakeManager.description("g1", "tcc", "succeed"));

    var unused = client.tcc("g1").run(branches -> {});

    assertThat(heard).containsExactly("begun TCC g1", "Succeeded TCC g1");
  }

  @Test
  void hearsThatNoManagerTookIt() {
    var nobody = client(FakeManager.nobody());

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> saga(nobody).submit());

    assertThat(heard).containsExactly("begun SAGA g1", "TransactionManagerUnavailable SAGA g1");
  }

  private static Saga saga(TransactionClient client) {
    return client.saga("g1").step("http://bank/TransOut", Saga.NO_COMPENSATION);
  }
}
