package io.dtm.server.store.redis;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.testing.databases.RedisServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RedisTlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir private Path folder;

  @Test
  void talksTlsToAServerWhoseCertificateIsTrusted() throws Exception {
    writeCertificate();
    int port = freePort();
    var arguments =
        List.of(
            "--tls-port",
            Integer.toString(port),
            "--tls-cert-file",
            file("cert.pem"),
            "--tls-key-file",
            file("key.pem"),
            "--tls-ca-cert-file",
            file("cert.pem"),
            "--tls-auth-clients",
            "no");
    try (var server = RedisServer.start(arguments)) {
      var config = RedisStoreConfig.standalone("rediss://%s:%d".formatted(server.host(), port));

      try (var store = RedisTransactionStore.open(config.withCaFile(file("cert.pem")))) {
        assertThat(store.apply(List.of(new WriteCommand.Create(aSaga("a").build()))))
            .containsExactly(new WriteOutcome.Applied());
      }
      assertThatThrownBy(() -> RedisTransactionStore.open(config))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("certification path");
    }
  }

  @Test
  void ofAServerThatSpeaksNoTlsItSaysSo() {
    try (var server = RedisServer.start(List.of())) {
      var config =
          RedisStoreConfig.standalone("rediss://%s:%d".formatted(server.host(), server.port()))
              .withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(1));

      assertThatThrownBy(() -> RedisTransactionStore.open(config))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("(expected: servers that speak TLS; for others it is redis://)");
    }
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private void writeCertificate() throws Exception {
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "redis",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=redis",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file("store"),
                "-storepass",
                PASSWORD)
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    var store = KeyStore.getInstance(folder.resolve("store").toFile(), PASSWORD.toCharArray());
    writePem("cert.pem", "CERTIFICATE", store.getCertificate("redis").getEncoded());
    writePem("key.pem", "PRIVATE KEY", store.getKey("redis", PASSWORD.toCharArray()).getEncoded());
  }

  private void writePem(String name, String kind, byte[] content) throws IOException {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        folder.resolve(name),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, lines, kind));
  }

  /** Below the range from which the system takes ports for outgoing connections. */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (var socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // The next one, then.
        continue;
      }
    }
  }
}
