package io.dtm.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.barrier.Barrier;
import io.dtm.client.TransactionClient;
import jakarta.servlet.ServletException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

/** What managers see of an application. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointsTest {
  private static final int BODY_BYTES_TOO_MANY = 16 * 1024 * 1024 + 1;
  private static final String TWO_UMBRELLAS = "{\"item\":\"umbrella\",\"count\":2}";

  private final TestDatabase database = TestDatabase.H2;
  private final AnnotationConfigWebApplicationContext context = open(ApplicationBeans.class);
  private final MockMvc web = MockMvcBuilders.webAppContextSetup(context).build();

  private static AnnotationConfigWebApplicationContext open(Class<?>... configurations) {
    var context = new AnnotationConfigWebApplicationContext();
    context.setServletContext(new MockServletContext());
    context.register(configurations);
    context.addBeanFactoryPostProcessor(beans -> {
      beans.registerSingleton("dataSource", TestDatabase.H2.dataSource());
      beans.registerSingleton("transactionClient", TransactionClient.of("http://127.0.0.1:1"));
      beans.registerSingleton("ownAddress", new OwnAddress("http://127.0.0.1:1"));
    });
    context.refresh();
    return context;
  }

  @BeforeEach
  void beginAnew() {
    database.layOut();
  }

  @AfterAll
  void close() {
    context.close();
  }

  @Test
  void everyOperationOfAStepHasItsOwnAddress() throws Exception {
    assertThat(call("/stock/deduct/action", "saga", "action").getStatus()).isEqualTo(200);
    assertThat(database.left()).isEqualTo(8);

    assertThat(call("/stock/deduct/compensate", "saga", "compensate").getStatus()).isEqualTo(200);
    assertThat(database.left()).isEqualTo(10);
  }

  @Test
  void aRepeatedCallIsAnsweredLikeTheFirstAndNotCarriedOut() throws Exception {
    call("/stock/deduct/action", "saga", "action");

    var again = call("/stock/deduct/action", "saga", "action");

    assertThat(again.getStatus()).isEqualTo(200);
    assertThat(again.getContentAsString()).isEmpty();
    assertThat(database.left()).isEqualTo(8);
  }

  @Test
  void aTryAnswersWhatItReturns() throws Exception {
    var answer = call("/stock/reserve/try", "tcc", "try");

    assertThat(answer.getContentType()).isEqualTo("application/json");
    assertThat(answer.getContentAsString()).isEqualTo("{\"item\":\"umbrella\",\"left\":8}");
    assertThat(database.held()).isEqualTo(2);
  }

  @Test
  void aWorkflowMayUseTheWordsThatItHas() throws Exception {
    call("/stock/deduct/action", "workflow", "action");
    call("/stock/deduct/compensate", "workflow", "rollback");

    assertThat(database.left()).isEqualTo(10);
    assertThat(database.marks()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"9, 409, FAILURE, too much to pay", "5, 425, ONGOING, asking the bank"})
  void whatAParticipantSaysIsAnsweredInTheWordsOfTheProtocol(
      int count, int status, String word, String message) throws Exception {
    var answer = call("/wallet/check/action", "saga", "action", paying(count));

    assertThat(answer.getStatus()).isEqualTo(status);
    assertThat(answer.getContentAsString())
        .isEqualTo("{\"dtm_result\":\"%s\",\"message\":\"%s\"}".formatted(word, message));
  }

  @Test
  void anyOtherExceptionIsLeftToTheApplication() {
    assertThatThrownBy(() -> call("/wallet/check/action", "saga", "action", paying(Purse.BROKEN)))
        .isInstanceOf(ServletException.class)
        .hasRootCauseMessage("no idea");
  }

  @Test
  void whoeverIsNoManagerIsToldWhatIsMissing() throws Exception {
    var answer = perform("POST", "/stock/deduct/action", "", TWO_UMBRELLAS);

    assertThat(answer.getStatus()).isEqualTo(400);
    assertThat(answer.getContentAsString()).startsWith("{\"message\":\"gid: missing (expected:");
    assertThat(database.left()).isEqualTo(10);
  }

  @Test
  void theWrongOperationIsNotCarriedOut() throws Exception {
    var answer = call("/stock/deduct/action", "saga", "compensate");

    assertThat(answer.getStatus()).isEqualTo(400);
    assertThat(answer.getContentAsString())
        .isEqualTo("{\"message\":\"op: 'compensate' (expected: action, at this address)\"}");
    assertThat(database.left()).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource(
      value = {"''", "{", "[1]"},
      delimiter = ';')
  void aBodyThatIsNoneIsNotCarriedOut(String body) throws Exception {
    var answer = call("/stock/deduct/action", "saga", "action", body);

    assertThat(answer.getStatus()).isEqualTo(400);
    assertThat(database.marks()).isZero();
  }

  @Test
  void aBodyThatIsTooLargeIsNotRead() throws Exception {
    var answer = call("/stock/deduct/action", "saga", "action", " ".repeat(BODY_BYTES_TOO_MANY));

    assertThat(answer.getStatus()).isEqualTo(413);
  }

  @Test
  void anOrdinaryControllerIsGuardedAndKnowsItsBranch() throws Exception {
    var answer = call("/return", "saga", "action");
    call("/return", "saga", "action");

    assertThat(answer.getContentAsString()).isEqualTo("{\"gid\":\"g\"}");
    assertThat(database.left()).isEqualTo(12);
  }

  @Test
  void aCheckBackTellsWhetherTheLocalTransactionCommitted() throws Exception {
    var transactions = context.getBean(BarrierDatabase.class);
    var unused = transactions.inTransaction(() -> transactions.mark(Barrier.ofMessage("sent")));

    assertThat(checkBack("sent").getStatus()).isEqualTo(200);
    assertThat(checkBack("never-sent").getStatus()).isEqualTo(409);
  }

  @Test
  void aCheckBackIsNothingElse() throws Exception {
    assertThat(call(CheckBackEndpoint.PATH, "saga", "action").getStatus()).isEqualTo(400);
  }

  @Test
  void anXaActionNeedsWhatCarriesItOut() {
    assertThatThrownBy(() -> open(ApplicationBeans.class, XaBeans.class))
        .hasMessageContaining("@XaAction (expected: a bean XaTransactions)");
  }

  @Test
  void twoParticipantsOfOneNameStopTheStart() {
    assertThatThrownBy(() -> open(ApplicationBeans.class, TwiceBeans.class))
        .hasMessageContaining("participant 'stock': beans");
  }

  private MockHttpServletResponse call(String path, String mode, String operation)
      throws Exception {
    return call(path, mode, operation, TWO_UMBRELLAS);
  }

  private MockHttpServletResponse call(String path, String mode, String operation, String body)
      throws Exception {
    var query = "branch_id=01&gid=g&op=%s&trans_type=%s".formatted(operation, mode);
    return perform("POST", path, query, body);
  }

  private MockHttpServletResponse perform(String method, String path, String query, String body)
      throws Exception {
    var request = new MockHttpServletRequest(context.getServletContext(), method, path);
    request.setQueryString(query);
    request.setContentType("application/json");
    request.addHeader("Accept", "application/json");
    request.setContent(body.getBytes(StandardCharsets.UTF_8));
    return web.perform(servletContext -> request).andReturn().getResponse();
  }

  private static String paying(int count) {
    return "{\"item\":\"umbrella\",\"count\":%d}".formatted(count);
  }

  private MockHttpServletResponse checkBack(String gid) throws Exception {
    var query = "branch_id=00&gid=%s&op=msg&trans_type=msg".formatted(gid);
    return perform("GET", CheckBackEndpoint.PATH, query, "");
  }

  static class XaBeans {
    @Bean
    BookkeepersLedger ledger(JdbcTemplate jdbc) {
      return new BookkeepersLedger(jdbc);
    }
  }

  static class TwiceBeans {
    @Bean
    Warehouse second(JdbcTemplate jdbc) {
      return new Warehouse(jdbc);
    }
  }
}
