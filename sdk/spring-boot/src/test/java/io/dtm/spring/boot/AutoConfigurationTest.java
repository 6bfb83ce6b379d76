package io.dtm.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.dtm.client.BranchProtocol;
import io.dtm.client.TransactionClient;
import io.dtm.sdk.grpc.GrpcTransactions;
import io.dtm.spring.Participants;
import io.dtm.spring.ServiceAddresses;
import io.dtm.spring.TransactionHeadersInterceptor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

class AutoConfigurationTest {
  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  BarrierAutoConfiguration.class,
                  BranchEndpointsAutoConfiguration.class,
                  MetersAutoConfiguration.class,
                  ParticipantsAutoConfiguration.class,
                  PropagationAutoConfiguration.class,
                  ServicesAutoConfiguration.class,
                  TransactionClientAutoConfiguration.class,
                  WorkflowsAutoConfiguration.class));

  @Test
  void anApplicationWithNothingElseGetsAClient() {
    application.run(context -> {
      var client = context.getBean(TransactionClient.class);
      assertThat(client.transport().address()).isEqualTo("http://127.0.0.1:36789/api/dtmsvr");
      assertThat(context).hasSingleBean(Participants.class);
      assertThat(context).doesNotHaveBean(TransactionMeters.class);
    });
  }

  @Test
  void itsOwnClientTakesThePlaceOfOurs() {
    var own = TransactionClient.of("http://10.0.0.7:36789");

    application
        .withBean(TransactionClient.class, () -> own)
        .run(context -> assertThat(context.getBean(TransactionClient.class)).isSameAs(own));
  }

  @Test
  void theClientGoesOverGrpcIfSoConfigured() {
    application
        .withPropertyValues("dtm.protocol=grpc")
        .run(context -> {
          var client = context.getBean(TransactionClient.class);
          assertThat(client.transport().protocol()).isEqualTo(BranchProtocol.GRPC);
        });
  }

  @Test
  void grpcWithoutItsLibraryStopsTheStart() {
    application
        .withPropertyValues("dtm.protocol=grpc")
        .withClassLoader(new FilteredClassLoader(GrpcTransactions.class))
        .run(context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessage(
                    "dtm.protocol: 'grpc' (expected: http, or io.dtm:dtm-sdk-grpc on the class"
                        + " path)"));
  }

  @Test
  void aRegistryIsToldWhatBecomesOfTransactions() {
    application
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withPropertyValues("dtm.servers=http://127.0.0.1:1", "dtm.connect-timeout=1s")
        .run(context -> {
          var failed =
              context
                  .getBean(TransactionClient.class)
                  .saga("g1")
                  .step("http://bank/debit", "http://bank/debitBack")
                  .submitAsync();

          assertThat(failed).failsWithin(Duration.ofSeconds(10));
          var registry = context.getBean(MeterRegistry.class);
          assertThat(registry.get("dtm.transactions").tag("outcome", "unavailable").timer().count())
              .isOne();
        });
  }

  @Test
  void withoutPropagationNothingPassesHeadersOn() {
    application.run(context -> assertThat(context).hasBean("transactionHeadersInterceptor"));
    application
        .withPropertyValues("dtm.propagation.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(TransactionHeadersInterceptor.class));
  }

  @Test
  void aServiceIsWhereThePropertiesSayBeforeWhereARegistryKnowsIt() {
    application
        .withBean(DiscoveryClient.class, () -> new FakeRegistry("stock", "wallet"))
        .withPropertyValues("dtm.services.stock=http://stock.example")
        .run(context -> {
          var addresses = context.getBean(ServiceAddresses.class);
          assertThat(addresses.baseUrl("stock")).contains("http://stock.example");
          assertThat(addresses.baseUrl("wallet")).contains("http://wallet-1:8080");
          assertThat(addresses.baseUrl("wallet")).contains("http://wallet-2:8080");
          assertThat(addresses.baseUrl("unheard-of")).isEmpty();
        });
  }

  @Test
  void withoutSpringCloudServicesAreWhereThePropertiesSay() {
    application
        .withClassLoader(new FilteredClassLoader(DiscoveryClient.class))
        .withPropertyValues("dtm.services.stock=http://stock.example")
        .run(context -> {
          var addresses = context.getBean(ServiceAddresses.class);
          assertThat(addresses.baseUrl("stock")).contains("http://stock.example");
          assertThat(addresses.baseUrl("wallet")).isEmpty();
        });
  }

  @Test
  void theApplicationKnowsItselfByItsName() {
    application
        .withPropertyValues("spring.application.name=shop", "local.server.port=8081")
        .run(context ->
            assertThat(context.getBean(ServiceAddresses.class).baseUrl("shop"))
                .contains("http://127.0.0.1:8081"));
  }

  @Test
  void aManagerElsewhereHasToBeToldWhereTheApplicationIs() {
    application
        .withPropertyValues("dtm.servers=http://10.0.0.7:36789", "local.server.port=8081")
        .run(context -> {
          var address = context.getBean(ApplicationAddress.class);
          assertThatIllegalStateException()
              .isThrownBy(address::baseUrl)
              .withMessage(
                  "dtm.base-url: missing (expected: where the managers at [http://10.0.0.7:36789]"
                      + " reach this application)");
        });
  }

  /** Knows two instances of each service. */
  private record FakeRegistry(String... services) implements DiscoveryClient {
    @Override
    public String description() {
      return "fake";
    }

    @Override
    public List<ServiceInstance> getInstances(String service) {
      return getServices().contains(service)
          ? List.of(instance(service, 1), instance(service, 2))
          : List.of();
    }

    @Override
    public List<String> getServices() {
      return List.of(services);
    }

    private static ServiceInstance instance(String service, int number) {
      return new DefaultServiceInstance(
          service + number, service, service + "-" + number, 8080, false, Map.of());
    }
  }
}
