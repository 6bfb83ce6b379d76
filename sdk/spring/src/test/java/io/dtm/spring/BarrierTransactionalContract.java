package io.dtm.spring;

import static io.dtm.barrier.BarrierOutcome.DUPLICATE;
import static io.dtm.barrier.BarrierOutcome.NULL_COMPENSATION;
import static io.dtm.barrier.BarrierOutcome.RAN;
import static io.dtm.barrier.BarrierOutcome.TOO_LATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.barrier.BarrierOutcome;
import io.dtm.client.BranchRefused;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Role;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

/** What {@link BarrierTransactional} promises on every database: each effect exactly once. */
abstract class BarrierTransactionalContract {
  private static final int CONCURRENT = 50;

  private final TestDatabase database;
  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();
  private final List<BarrierOutcome> outcomes = Collections.synchronizedList(new ArrayList<>());

  BarrierTransactionalContract(TestDatabase database) {
    this.database = database;
  }

  @BeforeEach
  void open() {
    database.layOut();
    context.getBeanFactory().registerSingleton("dataSource", database.dataSource());
    context.registerBean(
        "listener", BarrierListener.class, () -> (request, outcome) -> outcomes.add(outcome));
    context.register(Beans.class);
    context.refresh();
  }

  @AfterEach
  void close() {
    context.close();
  }

  @Test
  void aMethodRunsOnceHoweverOftenItIsCalled() {
    for (var call = 0; call < 3; call++) {
      var unused = AsBranch.of("saga", "action", () -> shelf().take(3));
    }

    assertThat(database.left()).isEqualTo(7);
    assertThat(outcomes).containsExactly(RAN, DUPLICATE, DUPLICATE);
  }

  @Test
  void aCallThatIsNotCarriedOutSeemsToReturnNothing() {
    assertThat(AsBranch.<Integer, RuntimeException>of("saga", "action", () -> shelf().take(3)))
        .isEqualTo(7);
    assertThat(AsBranch.<Integer, RuntimeException>of("saga", "action", () -> shelf().take(3)))
        .isZero();
    assertThat(AsBranch.<String, RuntimeException>of("saga", "action", () -> shelf().name()))
        .isNull();
  }

  @Test
  void whatWasNeverDoneIsNotUndoneAndNotDoneLate() {
    AsBranch.of("tcc", "cancel", () -> shelf().giveBack(3));
    AsBranch.of("tcc", "try", () -> shelf().take(3));

    assertThat(database.left()).isEqualTo(10);
    assertThat(outcomes).containsExactly(NULL_COMPENSATION, TOO_LATE);
  }

  @Test
  void fiftyDuplicatesAtOnceTakeEffectOnce() throws Exception {
    var threads = Executors.newFixedThreadPool(CONCURRENT);
    Callable<Integer> call =
        () -> AsBranch.<Integer, RuntimeException>of("saga", "action", () -> shelf().take(3));
    try {
      for (var answer : threads.invokeAll(Collections.nCopies(CONCURRENT, call))) {
        assertThat(answer.get()).isIn(0, 7);
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(database.left()).isEqualTo(7);
    assertThat(outcomes).hasSize(CONCURRENT).containsOnlyOnce(RAN).contains(DUPLICATE);
  }

  @Test
  void aMethodThatThrowsLeavesNoTraceAndMayBeCalledAgain() {
    assertThatThrownBy(() ->
            AsBranch.of("saga", "action", () -> shelf().takeAndThrow(new BranchRefused("no"))))
        .isInstanceOf(BranchRefused.class);
    assertThat(database.left()).isEqualTo(10);
    assertThat(database.marks()).isZero();

    AsBranch.of("saga", "action", () -> shelf().take(3));
    assertThat(database.left()).isEqualTo(7);
  }

  @Test
  void anExceptionThatIsCheckedUndoesAsWell() {
    assertThatThrownBy(() ->
            AsBranch.of("saga", "action", () -> shelf().takeAndThrow(new IOException("away"))))
        .isInstanceOf(IOException.class)
        .hasMessage("away");

    assertThat(database.left()).isEqualTo(10);
    assertThat(database.marks()).isZero();
  }

  @Test
  void theMarkIsPartOfTheTransactionThatIsOpen() {
    var transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));

    transaction.executeWithoutResult(status -> {
      AsBranch.of("saga", "action", () -> shelf().take(3));
      status.setRollbackOnly();
    });

    assertThat(database.left()).isEqualTo(10);
    assertThat(database.marks()).isZero();
  }

  @Test
  void theSameMethodMayBeTransactionalToo() {
    AsBranch.of("saga", "action", () -> shelf().takeTransactionally(3));
    AsBranch.of("saga", "action", () -> shelf().takeTransactionally(3));

    assertThat(database.left()).isEqualTo(7);
  }

  @Test
  void guardedCallsOfOneRequestAreToldApart() {
    for (var call = 0; call < 2; call++) {
      AsBranch.of(
          "saga",
          "action",
          () -> {
            shelf().take(1);
            return shelf().take(2);
          });
    }

    assertThat(database.left()).isEqualTo(7);
    assertThat(outcomes).containsExactly(RAN, RAN, DUPLICATE, DUPLICATE);
  }

  @Test
  void withoutAManagersCallTheMethodIsRefused() {
    assertThatThrownBy(() -> shelf().take(3))
        .isInstanceOf(NotABranchCall.class)
        .hasMessageContaining("no HTTP request on this thread");
    assertThatThrownBy(() -> AsBranch.of("", "saga", "action", () -> shelf().take(3)))
        .isInstanceOf(NotABranchCall.class)
        .hasMessageContaining("gid: missing");

    assertThat(database.left()).isEqualTo(10);
  }

  @Test
  void ofAGuardedClassOnlyItsOwnPublicMethodsAreGuarded() {
    var warehouse = new Warehouse(database.jdbc());
    var proxies = new ProxyFactory(warehouse);
    proxies.addAdvisor(context.getBean(BarrierTransactionalAdvisor.class));
    var stock = (Stock) proxies.getProxy();

    assertThat(stock).hasToString(warehouse.toString());
    assertThatThrownBy(() -> stock.deduct(new Order(TestDatabase.ITEM, 1)))
        .isInstanceOf(NotABranchCall.class);
  }

  @Test
  void whatReturnsBeforeItsWorkIsOverCannotBeGuarded() {
    assertThatThrownBy(() -> AsBranch.of("saga", "action", () -> shelf().takeLater()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("returns CompletableFuture");

    assertThat(database.marks()).isZero();
  }

  @Test
  void aTransactionOfTheMethodsOwnCannotBeGuarded() {
    assertThatThrownBy(() -> AsBranch.of("saga", "action", () -> shelf().takeApart()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("propagation");

    assertThat(database.marks()).isZero();
  }

  @Test
  void aTransactionOfAnotherDatabaseIsNoTransaction() {
    assertThatThrownBy(() -> AsBranch.of("saga", "action", () -> shelf().takeElsewhere()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not cover the data source");

    assertThat(database.marks()).isZero();
  }

  @Test
  void anotherTableMayKeepTheMarks() {
    database.jdbc().execute("DROP TABLE IF EXISTS marks");
    database.jdbc().execute("CREATE TABLE marks AS SELECT * FROM dtm_barrier.barrier");

    AsBranch.of("saga", "action", () -> shelf().takeWithOtherTable());

    assertThat(database.left()).isEqualTo(9);
    assertThat(database.marks()).isZero();
    assertThat(database.jdbc().queryForList("SELECT gid FROM marks", String.class))
        .containsExactly("g");
  }

  private Shelf shelf() {
    return context.getBean(Shelf.class);
  }

  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement
  static class Beans {
    @Bean
    PlatformTransactionManager transactionManager(DataSource dataSource) {
      return new DataSourceTransactionManager(dataSource);
    }

    @Bean
    @Primary
    BarrierDatabase barrierDatabase(DataSource data, PlatformTransactionManager transactions) {
      return BarrierDatabase.of(new TransactionAwareDataSourceProxy(data), transactions);
    }

    /** Of a data source that is not the transaction manager's. */
    @Bean
    BarrierDatabase elsewhere(DataSource data, PlatformTransactionManager transactions) {
      return BarrierDatabase.of(new DelegatingDataSource(data), transactions);
    }

    @Bean
    BarrierDatabase otherTable(DataSource data, PlatformTransactionManager transactions) {
      return BarrierDatabase.of(data, transactions).table("marks");
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BarrierTransactionalAdvisor barrierTransactionalAdvisor(BeanFactory beans) {
      return new BarrierTransactionalAdvisor(beans);
    }

    @Bean
    Shelf shelf(DataSource dataSource) {
      return new Shelf(new JdbcTemplate(dataSource));
    }
  }
}
