package io.dtm.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--mode sagas | mode: sagas (expected: one of saga, tcc, message, message-submit, xa,"
            + " workflow)",
        "--wire http2 | wire: http2 (expected: one of http, grpc)",
        "--store mongo | store: mongo (expected: one of [rocksdb, memory, mysql, postgres, redis])",
        "--url localhost:36789 | URL: localhost:36789 (expected: http://host:port)",
        "--url http://127.0.0.1:1 --grpc here | address: here (expected: host:port)",
        "--rate 0 | rate: 0.0 (expected: above 0, at most 1000000)",
        "--connections 0 | connections: 0 (expected: from 1 to 20000)",
        "--seconds 0 | seconds: 0.0 (expected: above 0, at most 3600)",
        "--url http://127.0.0.1:1 | http://127.0.0.1:1: no answer to GET /api/ping",
        "--url http://127.0.0.1:1 --store redis | --store and --java-options are for a server",
        "--pid 1 | --pid, --database-pid and --grpc tell of a server that runs already: only with",
        "--database-pid 1 | --pid, --database-pid and --grpc tell of a server that runs already",
      })
  void refusesWhatItCannotDoWithAReason(String arguments, String reason) {
    var errors = new StringWriter();
    var command = new CommandLine(new BenchCommand()).setErr(new PrintWriter(errors));

    int exit = command.execute(arguments.split(" "));

    assertThat(exit).isEqualTo(2);
    assertThat(errors.toString()).contains(reason);
  }
}
