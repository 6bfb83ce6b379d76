package io.dtm.cli;

import io.dtm.cli.verify.BranchEndpoints;
import io.dtm.cli.verify.Finding;
import io.dtm.cli.verify.Finding.Verdict;
import io.dtm.cli.verify.Verification;
import io.dtm.cli.verify.VerificationFailed;
import io.dtm.cli.verify.XaVerification;
import io.dtm.client.Payload;
import io.dtm.client.TransactionClient;
import io.dtm.protocol.TransTypes;
import java.io.PrintWriter;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dtm verify}: whether a running participant bears what a manager may do to it. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Calls a running participant, in whatever language, as a manager may: twice, many times at"
          + " once, an undoing without its action, an action after its undoing. Tells which rule it"
          + " breaks.",
      "The effects are real: use a test system."
    },
    footer = {
      "",
      "Ends with 0 when every rule that could be judged holds; with 1 when one is broken, or"
          + " nothing could be judged; with 2 when the command was not understood."
    })
final class VerifyCommand implements Callable<Integer> {
  private static final int CONCURRENT_MAX = 200;
  private static final int TIMEOUT_SECONDS_MAX = 300;

  @Parameters(
      arity = "1..3",
      paramLabel = "URL",
      description =
          "Where the participant is called: ACTION of a message, ACTION COMPENSATE of a saga, or"
              + " TRY CONFIRM CANCEL of a TCC; http://host:port/path, or"
              + " host:port/package.Service/Method for gRPC.")
  private List<String> urls = new ArrayList<>();

  @Option(
      names = "--payload",
      paramLabel = "JSON",
      description = "Body of every call, one that the participant accepts. Default: none, by GET.")
  private String payload = "";

  @Option(
      names = "--xa",
      paramLabel = "SERVER",
      description =
          "The one URL is that of a branch of XA, both phases, which registers at this server, such"
              + " as http://127.0.0.1:36789.")
  private String server = "";

  @Option(
      names = "--payload-base64",
      paramLabel = "BASE64",
      description = "The same as bytes, such as the message that a method of gRPC takes.")
  private String payloadBytes = "";

  @Option(
      names = "--header",
      paramLabel = "NAME:VALUE",
      description = "Header of every call; may be repeated.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = "--state",
      paramLabel = "URL",
      description =
          "Answers by GET with what the calls change, such as balances, as JSON, and nothing else"
              + " that changes. Without it there are only the answers to judge by.")
  private String state = "";

  @Option(
      names = "--concurrent",
      paramLabel = "N",
      defaultValue = "20",
      description = "Calls made at once; 2 to 200, ${DEFAULT-VALUE} by default.")
  private int concurrent = 20;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "Limit of each call; ${DEFAULT-VALUE} by default.")
  private int timeoutSeconds = 10;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var verification = server.isEmpty() ? ofBranch() : ofXaBranch();
    var out = spec.commandLine().getOut();
    out.printf(
        "a branch of type %s, %d calls at once, effects %s%n%n",
        verification.transType(), concurrent, state.isEmpty() ? "not seen" : "seen at " + state);
    out.flush();
    try {
      return print(verification.run().get(), out);
    } catch (VerificationFailed e) {
      Main.complain(spec.commandLine().getErr(), List.of(String.valueOf(e.getMessage())));
      return 1;
    }
  }

  /** What is about to be run. */
  private record Chosen(String transType, Supplier<List<Finding>> run) {}

  private Chosen ofBranch() {
    var branch = understood(() -> BranchEndpoints.of(urls));
    return new Chosen(branch.transType(), new Verification(branch, plan(), gids())::run);
  }

  private Chosen ofXaBranch() {
    if (urls.size() > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--xa: %d URLs (expected: one for both phases)".formatted(urls.size()));
    }
    var url = understood(() -> httpUrl(urls.get(0)).toString());
    var manager = understood(() -> TransactionClient.of(server));
    return new Chosen(TransTypes.XA, new XaVerification(url, manager, plan(), gids())::run);
  }

  private Verification.Plan plan() {
    inRange("--concurrent", concurrent, 2, CONCURRENT_MAX);
    inRange("--timeout", timeoutSeconds, 1, TIMEOUT_SECONDS_MAX);
    if (!state.isEmpty()) {
      understood(() -> httpUrl(state));
    }
    return new Verification.Plan(
        understood(this::body), headers(), state, concurrent, Duration.ofSeconds(timeoutSeconds));
  }

  private Payload body() {
    if (payloadBytes.isEmpty()) {
      return Payload.of(payload);
    }
    if (!payload.isEmpty()) {
      throw new IllegalArgumentException("--payload and --payload-base64 (expected: one of them)");
    }
    return Payload.of(Base64.getDecoder().decode(payloadBytes));
  }

  private static URI httpUrl(String url) {
    if (!url.startsWith("http://") && !url.startsWith("https://")) {
      throw new IllegalArgumentException("%s (expected: http://host:port/path)".formatted(url));
    }
    return URI.create(url);
  }

  private Map<String, String> headers() {
    var parsed = new LinkedHashMap<String, String>();
    for (var header : headers) {
      int colon = header.indexOf(':');
      if (colon < 1) {
        throw new ParameterException(
            spec.commandLine(), "--header: %s (expected: NAME:VALUE)".formatted(header));
      }
      parsed.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }
    return parsed;
  }

  private void inRange(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ParameterException(
          spec.commandLine(), "%s: %d (expected: %d to %d)".formatted(option, value, min, max));
    }
  }

  private <T> T understood(Supplier<T> source) {
    try {
      return source.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** Nobody else has them, so that no journal of the participant's knows them. */
  private static Supplier<String> gids() {
    var random = new SecureRandom();
    return () -> "verify-%016x".formatted(random.nextLong());
  }

  private int print(List<Finding> findings, PrintWriter out) {
    findings.forEach(finding -> print(finding, out));
    var broken = count(findings, Verdict.BROKEN);
    var open = count(findings, Verdict.NOT_JUDGED);
    out.printf("%n%d rules: %d broken, %d not judged%n", findings.size(), broken, open);
    if (state.isEmpty()) {
      out.println("Only the answers were judged; with --state the effects are, too.");
    }
    out.flush();
    return broken == 0 ? 0 : 1;
  }

  private static long count(List<Finding> findings, Verdict verdict) {
    return findings.stream().filter(finding -> finding.verdict() == verdict).count();
  }

  private static void print(Finding finding, PrintWriter out) {
    var word =
        switch (finding.verdict()) {
          case HOLDS -> "holds";
          case HOLDS_BY_ANSWERS -> "answers";
          case BROKEN -> "BROKEN";
          case NOT_JUDGED -> "open";
        };
    out.printf("%-8s %s%n", word, finding.rule());
    if (!finding.detail().isEmpty()) {
      out.printf("         %s%n", finding.detail());
    }
  }
}
