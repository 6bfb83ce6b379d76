package io.dtm.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of {@code docs/java/spring.md} are the code that other tests run. */
class SpringDocsTest {
  private static final Path DOCS = Path.of("..", "..", "docs", "java");
  private static final Path SOURCES = Path.of("src/test/java/io/dtm/spring");

  @ParameterizedTest
  @CsvSource({
    "Stock, participant",
    "Warehouse, warehouse",
    "OrderService, saga",
    "OrderService, tcc",
    "OrderService, message",
    "Ledger, xa",
    "OrdinaryController, controller",
    "TransactionBeans, beans"
  })
  void theExamplesInTheDocumentsAreThoseThatRun(String source, String name) throws IOException {
    var example = "```java\n" + example(source, name) + "```\n";

    assertThat(Files.readString(DOCS.resolve("spring.md"))).contains(example);
    assertThat(Files.readString(DOCS.resolve("spring-cn.md"))).contains(example);
  }

  private static String example(String type, String name) throws IOException {
    var source = Files.readString(SOURCES.resolve(type + ".java"));
    var begin = "// docs: " + name + "\n";
    var from = source.indexOf(begin) + begin.length();
    var end = source.lastIndexOf('\n', source.indexOf("// docs: " + "end", from));
    var text = source.substring(from, end).stripTrailing().stripIndent() + "\n";
    var opened = text.chars().filter(c -> c == '{').count();
    var closed = text.chars().filter(c -> c == '}').count();
    return opened > closed ? text + "}\n" : text;
  }
}
