package io.dtm.spring.boot;

/**
 * Auto-configurations that ours come after. Spring Boot 4 moved them, so each goes by two names;
 * those that are not there are passed over.
 */
final class BootClasses {
  static final String TRANSACTIONS_3 =
      "org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration";
  static final String TRANSACTIONS_4 =
      "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration";
  static final String DATA_SOURCE_3 =
      "org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration";
  static final String DATA_SOURCE_4 =
      "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration";
  static final String JPA_3 =
      "org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration";
  static final String JPA_4 =
      "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration";
  static final String WEB_MVC_3 =
      "org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration";
  static final String WEB_MVC_4 =
      "org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration";
  static final String METERS_3 =
      "org.springframework.boot.actuate.autoconfigure.metrics"
          + ".CompositeMeterRegistryAutoConfiguration";
  static final String METERS_4 =
      "org.springframework.boot.micrometer.metrics.autoconfigure"
          + ".CompositeMeterRegistryAutoConfiguration";

  private BootClasses() {}
}
