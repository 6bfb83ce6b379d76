package io.dtm.testing.faults;

import io.dtm.testing.databases.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An nginx in front of several servers, for REST and for gRPC. It gives what one server did not
 * answer, or answered with 503, to the next: every request may be repeated.
 */
final class LoadBalancer implements AutoCloseable {
  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/sbin/nginx"), Path.of("/usr/local/sbin/nginx"));
  private static final Duration START_LIMIT = Duration.ofSeconds(20);

  private final Process process;
  private final int http;
  private final int grpc;

  private LoadBalancer(Process process, int http, int grpc) {
    this.process = process;
    this.http = http;
    this.grpc = grpc;
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param folder for its configuration, its log and what it puts aside
   */
  static LoadBalancer start(List<ServerProcess.Ports> servers, Path folder) throws Exception {
    int http = FreePorts.one();
    int grpc = FreePorts.one();
    Files.createDirectories(folder);
    var file = folder.resolve("nginx.conf");
    Files.writeString(file, configuration(servers, http, grpc, folder));
    var process =
        new ProcessBuilder(
                program().toString(),
                "-p",
                folder.toString(),
                "-c",
                file.toString(),
                "-e",
                folder.resolve("nginx.log").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx.out").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    var balancer = new LoadBalancer(process, http, grpc);
    balancer.awaitListening(folder);
    return balancer;
  }

  private static Path program() {
    return PROGRAMS.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "nginx is not installed (expected: what testing/databases/install installs, run as"
                    + " root)"));
  }

  private static String configuration(
      List<ServerProcess.Ports> servers, int http, int grpc, Path folder) {
    return """
    daemon off;
    master_process off;
    pid %1$s/nginx.pid;
    events { worker_connections 2048; }
    http {
      access_log off;
      client_body_temp_path %1$s/body;
      proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
      upstream rest { keepalive 64; %2$s }
      upstream grpc { %3$s }
      server {
        listen 127.0.0.1:%4$d;
        location / {
          proxy_pass http://rest;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_connect_timeout 1s;
          proxy_read_timeout 8s;
          proxy_next_upstream error timeout http_502 http_503 non_idempotent;
        }
      }
      server {
        listen 127.0.0.1:%5$d http2;
        location / {
          grpc_pass grpc://grpc;
          grpc_connect_timeout 1s;
          grpc_read_timeout 8s;
          grpc_next_upstream error timeout http_502 http_503 non_idempotent;
        }
      }
    }
    """
        .formatted(
            folder,
            upstream(servers.stream().map(ServerProcess.Ports::http)),
            upstream(servers.stream().map(ServerProcess.Ports::grpc)),
            http,
            grpc);
  }

  private static String upstream(Stream<Integer> ports) {
    return ports
        .map("server 127.0.0.1:%d max_fails=1 fail_timeout=1s;"::formatted)
        .collect(Collectors.joining(" "));
  }

  private void awaitListening(Path folder) throws Exception {
    var deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), http)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException notYet) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          close();
          throw new IllegalStateException(
              "nginx did not start: " + Files.readString(folder.resolve("nginx.log")), notYet);
        }
        var unused = process.waitFor(20, TimeUnit.MILLISECONDS);
      }
    }
  }

  URI baseUrl() {
    return URI.create("http://127.0.0.1:" + http);
  }

  String grpcTarget() {
    return "127.0.0.1:" + grpc;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
