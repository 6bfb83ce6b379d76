package io.dtm.spring.boot;

import io.dtm.spring.TransactionHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an application says about its transactions. Wrong values stop the start.
 *
 * @param servers where the managers are that share one store, such as http://127.0.0.1:36789, or
 *     127.0.0.1:36790 over gRPC; the first is asked first. Default: one on this machine
 * @param protocol how the managers are spoken with; grpc needs io.dtm:dtm-sdk-grpc
 * @param connectTimeout how long to wait for a connection
 * @param requestTimeout how long to wait for a manager's whole answer; a submit that waits for the
 *     result takes as long as the participants do
 * @param branchTimeout how long to wait for the answer of a participant that this application calls
 *     itself: a try, an XA branch's work, a check-back
 * @param baseUrl where managers and participants reach this application, such as
 *     http://10.0.0.7:8080. Default: its port on 127.0.0.1, as long as all managers are there too
 * @param services base URLs of participants by the name of their service; those that are not here
 *     are looked up where Spring Cloud finds services, if it is there
 * @param barrier the table of the barrier
 * @param propagation headers that calls pass on
 * @param health how managers are looked at
 */
@ConfigurationProperties("dtm")
public record DtmProperties(
    @DefaultValue List<String> servers,
    @DefaultValue("http") Protocol protocol,
    @DefaultValue("3s") Duration connectTimeout,
    @DefaultValue("30s") Duration requestTimeout,
    @DefaultValue("10s") Duration branchTimeout,
    @Nullable String baseUrl,
    @DefaultValue Map<String, String> services,
    @DefaultValue Barrier barrier,
    @DefaultValue Propagation propagation,
    @DefaultValue HealthCheck health) {

  public DtmProperties {
    servers = servers.isEmpty() ? List.of(protocol.defaultServer()) : List.copyOf(servers);
    Checks.servers("dtm.servers", servers, protocol);
    Checks.timeout("dtm.connect-timeout", connectTimeout);
    Checks.timeout("dtm.request-timeout", requestTimeout);
    Checks.timeout("dtm.branch-timeout", branchTimeout);
    if (baseUrl != null) {
      baseUrl = Checks.baseUrl("dtm.base-url", baseUrl);
    }
    services = Checks.services("dtm.services", services);
  }

  /**
   * The table in which barriers keep their marks, in the application's own database.
   *
   * @param table its name, qualified or not. Default: dtm_barrier.barrier, or what is usual in the
   *     kind of database
   */
  public record Barrier(@Nullable String table) {
    public Barrier {
      if (table != null) {
        Checks.table("dtm.barrier.table", table);
      }
    }
  }

  /**
   * What RestClient, RestTemplate, WebClient and Feign pass on from the request that is being
   * served.
   *
   * @param enabled whether they do
   * @param headers the names of the headers. Default: those of W3C traces
   */
  public record Propagation(
      @DefaultValue("true") boolean enabled, @DefaultValue List<String> headers) {
    public Propagation {
      headers = headers.isEmpty() ? List.copyOf(TransactionHeaders.TRACE) : List.copyOf(headers);
      Checks.headers("dtm.propagation.headers", headers);
    }
  }

  /**
   * The health indicator.
   *
   * @param timeout how long a manager may take to answer before it counts as down
   */
  public record HealthCheck(@DefaultValue("2s") Duration timeout) {
    public HealthCheck {
      Checks.timeout("dtm.health.timeout", timeout);
    }
  }
}
