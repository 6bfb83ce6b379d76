package io.dtm.examples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The bank, at port 8081 unless {@code server.port} says otherwise. */
@SpringBootApplication
public class BankApplication {
  public static void main(String... arguments) {
    SpringApplication.run(BankApplication.class, arguments);
  }
}
