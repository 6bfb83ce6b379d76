package io.dtm.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.sdk.testing.TransactionServer;
import io.dtm.testing.databases.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The bank on MariaDB, which can prepare, as H2 cannot. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles("mariadb")
class XaBankTest {
  private static final TransactionServer SERVER = TransactionServer.start();
  private static final MariaDbServer MARIADB = MariaDbServer.start();

  private final BankAtWork bank;
  private final JdbcTemplate database;

  XaBankTest(@Autowired JdbcTemplate database, @LocalServerPort int port) {
    this.database = database;
    this.bank = new BankAtWork(port);
  }

  @DynamicPropertySource
  static void whereTheServersAre(DynamicPropertyRegistry properties) {
    MARIADB.createDatabase("bank");
    properties.add("dtm.servers", SERVER::baseUrl);
    properties.add("spring.datasource.url", () -> MARIADB.jdbcUrl("bank"));
  }

  @BeforeEach
  void openAccounts() {
    database.update("UPDATE account SET balance = 1000, reserved = 0");
  }

  @AfterAll
  static void stop() {
    SERVER.close();
    MARIADB.close();
  }

  @Test
  void aTransferMovesTheMoney() {
    assertThat(bank.transfer("xa", "bob", 30)).isEqualTo("transferred");

    assertThat(bank.balances()).containsExactly(970, 1030);
    assertThat(prepared()).isZero();
  }

  @Test
  void aRefusalOfTheOtherSideUndoesWhatWasDone() {
    assertThat(bank.transfer("xa", "carol", 30)).contains("undone", "no account of carol");

    assertThat(bank.balances()).containsExactly(1000, 1000);
    assertThat(prepared()).isZero();
  }

  private int prepared() {
    return database.queryForList("XA RECOVER").size();
  }
}
