package io.dtm.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.client.BranchRequest;
import io.dtm.client.TransactionClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.web.client.RestTemplate;

/** What callers may do wrong, and what an interface may lack. */
class ParticipantsTest {
  private static final Order ORDER = new Order("umbrella", 2);

  private final TransactionClient client = TransactionClient.of("http://127.0.0.1:1");
  private final JsonPayloads payloads =
      new JsonPayloads(() -> new RestTemplate().getMessageConverters());
  private final Participants participants =
      new Participants(ServiceAddresses.of(Map.of("stock", "http://stock:8080")), payloads);

  @Test
  void aMethodOfAnotherModeCannotBeCalled() {
    var stock = participants.in(client.saga(), Stock.class);

    assertThatThrownBy(() -> stock.reserve(ORDER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Stock.reserve: cannot be called here (expected: a method with @SagaAction)");
    assertThatThrownBy(() -> stock.restore(ORDER)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPayloadMustBeThere() {
    var stock = participants.in(client.message(), Stock.class);

    assertThatThrownBy(() -> stock.replenish(null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Stock.replenish: null (expected: a payload)");
  }

  @Test
  void aServiceMustHaveAnAddress() {
    var wallet = participants.in(client.saga(), Wallet.class);

    assertThatThrownBy(() -> wallet.check(ORDER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("service: 'bank' has no address");
  }

  @Test
  void onlyAnInterfaceCanBeCalled() {
    assertThatThrownBy(() -> participants.in(client.saga(), Warehouse.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Warehouse (expected: an interface with @Participant)");
    assertThatThrownBy(() -> participants.in(client.saga(), Runnable.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Runnable: no @Participant");
  }

  @Test
  void aParticipantSaysWhatItIs() {
    var stock = participants.in(client.saga(), Stock.class);

    assertThat(stock).hasToString("Stock of participant stock").isEqualTo(stock);
    assertThat(stock).isNotEqualTo(participants.in(client.saga(), Stock.class));
  }

  @Participant("gap")
  interface WithoutCompensation {
    @SagaAction
    void deduct(Order order);
  }

  @Participant("gap")
  interface WithNeedlessCompensation {
    @SagaAction(compensated = false)
    void deduct(Order order);

    @Compensate("deduct")
    void restore(Order order);
  }

  @Participant("gap")
  interface WithoutAction {
    @Compensate("deduct")
    void restore(Order order);
  }

  @Participant("gap")
  interface WithoutCancel {
    @TccTry
    void reserve(Order order);

    @TccConfirm("reserve")
    void ship(Order order);
  }

  @Participant("gap")
  interface WithTwoActions {
    @SagaAction(value = "deduct", compensated = false)
    void deduct(Order order);

    @MessageAction("deduct")
    void deductOnce(Order order);
  }

  @Participant("gap")
  interface WithTwoPayloads {
    @MessageAction
    void deduct(Order order, String remark);
  }

  @Participant("a/b")
  interface WithStrangeName {
    @MessageAction
    void deduct(Order order);
  }

  @Participant("gap")
  interface WithStrangeStep {
    @MessageAction("{id}")
    void deduct(Order order);
  }

  @Participant("gap")
  interface WithoutSteps {
    void deduct(Order order);
  }

  @Test
  void aGapIsNamed() {
    assertThat(problem(WithoutCompensation.class))
        .endsWith("step 'deduct': no method with @Compensate");
    assertThat(problem(WithNeedlessCompensation.class))
        .endsWith("@SagaAction(compensated = false), yet a @Compensate is there");
    assertThat(problem(WithoutAction.class)).endsWith("step 'deduct': no method with @SagaAction");
    assertThat(problem(WithoutCancel.class)).endsWith("step 'reserve': no method with @TccCancel");
    assertThat(problem(WithTwoActions.class)).contains("step 'deduct': ", " both are its action");
    assertThat(problem(WithTwoPayloads.class)).contains("2 parameters (expected: the payload");
    assertThat(problem(WithStrangeName.class)).contains("name: 'a/b' (expected: 1 to 64 letters");
    assertThat(problem(WithStrangeStep.class)).contains("step: '{id}' (expected: 1 to 64 letters");
    assertThat(problem(WithoutSteps.class)).contains("no step (expected: a method with");
  }

  private static String problem(Class<?> type) {
    try {
      return "none in " + ParticipantType.of(type);
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void payloadsAreReadAsTheyWereWritten() throws NoSuchMethodException {
    var type = ParticipantsTest.class.getDeclaredMethod("orders").getGenericReturnType();

    var written = payloads.write(List.of(ORDER), type);

    assertThat(written.text()).isEqualTo("[{\"item\":\"umbrella\",\"count\":2}]");
    assertThat(payloads.read(written, type)).isEqualTo(List.of(ORDER));
    assertThat(payloads.read(payloads.write("as it is", String.class), String.class))
        .isEqualTo("as it is");
  }

  List<Order> orders() {
    return List.of();
  }

  @Test
  void theRequestComesBesideThePayload() throws NoSuchMethodException {
    var request = BranchRequest.fromQuery("branch_id=01&gid=g&op=action&trans_type=saga");
    var method = Both.class.getDeclaredMethod("deduct", BranchRequest.class, Order.class);

    var branchMethod = BranchMethod.of(method).get(0);

    assertThat(branchMethod.payloadType()).contains(Order.class);
    assertThat(branchMethod.arguments(ORDER, request)).containsExactly(request, ORDER);
  }

  interface Both {
    @MessageAction
    void deduct(BranchRequest request, Order order);
  }
}
