package io.dtm.spring.boot;

import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionListener;
import io.dtm.sdk.grpc.GrpcTransactions;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The client, over HTTP or gRPC, as the properties say. */
@AutoConfiguration
@EnableConfigurationProperties(DtmProperties.class)
public class TransactionClientAutoConfiguration {

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingBean(TransactionClient.class)
  @ConditionalOnProperty(prefix = "dtm", name = "protocol", havingValue = "grpc")
  @ConditionalOnClass(GrpcTransactions.class)
  static class OverGrpc {
    @Bean
    @ConditionalOnMissingBean
    GrpcTransactions grpcTransactions(DtmProperties properties) {
      var builder =
          GrpcTransactions.builder()
              .requestTimeout(properties.requestTimeout())
              .branchTimeout(properties.branchTimeout());
      properties.servers().forEach(builder::target);
      return builder.build();
    }

    @Bean
    TransactionClient transactionClient(
        GrpcTransactions transactions, ObjectProvider<TransactionListener> listeners) {
      var connected = transactions.client();
      return build(
          TransactionClient.builder()
              .transport(connected.transport())
              .participants(connected.participants()),
          listeners);
    }
  }

  @Bean
  @ConditionalOnMissingBean
  TransactionClient transactionClient(
      DtmProperties properties, ObjectProvider<TransactionListener> listeners) {
    if (properties.protocol() == Protocol.GRPC) {
      throw new IllegalStateException(
          "dtm.protocol: 'grpc' (expected: http, or io.dtm:dtm-sdk-grpc on the class path)");
    }
    var builder =
        TransactionClient.builder()
            .connectTimeout(properties.connectTimeout())
            .requestTimeout(properties.requestTimeout())
            .branchTimeout(properties.branchTimeout());
    properties.servers().forEach(builder::baseUrl);
    return build(builder, listeners);
  }

  private static TransactionClient build(
      TransactionClient.Builder builder, ObjectProvider<TransactionListener> listeners) {
    listeners.orderedStream().forEach(builder::listener);
    return builder.build();
  }
}
