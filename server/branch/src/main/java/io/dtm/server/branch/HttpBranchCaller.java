package io.dtm.server.branch;

import io.dtm.protocol.Results;
import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchResult.Availability;
import io.dtm.server.core.TransactionMode;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Calls participants over HTTP, and reads their answers by the rules that all clients of the
 * protocol know. Thread-safe.
 */
public final class HttpBranchCaller implements BranchCaller {
  private static final int OK = 200;
  private static final int CONFLICT = 409;
  private static final int TOO_EARLY = 425;

  /** A proxy, or the participant itself, says that it is not there for anybody. */
  private static final Set<Integer> NOT_THERE = Set.of(502, 503, 504);

  static final String TAKEN_BACK = "the transaction was stopped before the call";

  /** Headers that describe the message itself; set by whoever sends it. */
  private static final Set<String> OWN_HEADERS =
      Set.of("host", "content-length", "transfer-encoding", "trailer", "connection", "upgrade");

  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private final BoundedHttpClient client;

  public HttpBranchCaller(BoundedHttpClient client) {
    this.client = client;
  }

  @Override
  public BranchResult call(BranchCall call) {
    if (!BranchUrl.isHttp(call.url())) {
      return new BranchResult.Unclear(
          "bad url for http: %s (expected: http:// or https://)".formatted(call.url()));
    }
    var badHeader = badHeader(call.headers());
    if (badHeader.isPresent()) {
      return new BranchResult.Unclear(badHeader.get());
    }
    try {
      return resultOf(client.exchange(httpCall(call)));
    } catch (URISyntaxException e) {
      return new BranchResult.Unclear(
          "bad url for http: %s (%s)".formatted(call.url(), e.getReason()));
    }
  }

  private static HttpCall httpCall(BranchCall call) throws URISyntaxException {
    var isPost = !call.payload().isEmpty() || call.mode() == TransactionMode.XA;
    return new HttpCall(
        isPost ? HttpCall.Method.POST : HttpCall.Method.GET,
        BranchUrl.of(call),
        withoutOwn(call.headers()),
        call.payload(),
        call.timeout(),
        call.mayBegin());
  }

  /** The headers without those that describe the message itself. */
  static Map<String, String> withoutOwn(Map<String, String> headers) {
    if (headers.keySet().stream().noneMatch(HttpBranchCaller::isOwn)) {
      return headers;
    }
    return headers.entrySet().stream()
        .filter(header -> !isOwn(header.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static boolean isOwn(String header) {
    return OWN_HEADERS.contains(header.toLowerCase(Locale.ROOT));
  }

  /** What is wrong with the headers: nothing may be smuggled into the request through them. */
  static Optional<String> badHeader(Map<String, String> headers) {
    for (var header : headers.entrySet()) {
      var name = header.getKey();
      if (name.isEmpty() || !name.chars().allMatch(HttpBranchCaller::isTokenCharacter)) {
        return Optional.of(
            "branch header name: '%s' (expected: letters, digits, -)".formatted(name));
      }
      if (header.getValue().chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7F)) {
        return Optional.of(
            "branch header %s: contains a control character (expected: none)".formatted(name));
      }
    }
    return Optional.empty();
  }

  private static boolean isTokenCharacter(int c) {
    return (c < 0x80 && Character.isLetterOrDigit(c)) || TOKEN_MARKS.indexOf(c) >= 0;
  }

  static BranchResult resultOf(HttpOutcome outcome) {
    return switch (outcome) {
      case HttpOutcome.Unanswered(var why, var availability) ->
          new BranchResult.Unclear(why, availability);
      case HttpOutcome.NotSent ignored -> new BranchResult.Deferred(TAKEN_BACK);
      case HttpOutcome.Answered answered -> resultOf(answered.status(), answered.body());
    };
  }

  /**
   * The words count in any answer, whatever its status; a participant that is still at work is
   * heard before one that refuses.
   */
  private static BranchResult resultOf(int status, AnswerBody body) {
    if (status == TOO_EARLY || body.contains(Results.ONGOING)) {
      return new BranchResult.Ongoing();
    }
    if (status == CONFLICT || body.contains(Results.FAILURE)) {
      return new BranchResult.Refused(body.text());
    }
    if (status != OK) {
      return new BranchResult.Unclear(
          "HTTP %d: %s".formatted(status, body.text()),
          NOT_THERE.contains(status) ? Availability.UNAVAILABLE : Availability.ANSWERED);
    }
    return new BranchResult.Succeeded();
  }
}
