package io.dtm.server.api;

import io.dtm.protocol.Keys;
import io.dtm.protocol.Messages;
import io.dtm.protocol.QueryJson;
import io.dtm.protocol.ResetJson;
import io.dtm.protocol.TransactionJson;
import io.dtm.protocol.TransactionListJson;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.TransactionStore.TransactionPage;
import io.dtm.server.engine.Coordinator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Questions about transactions, and the one command that concerns many. */
final class QueryRoutes {
  static final int LIMIT_DEFAULT = 100;

  /** The last millisecond of the year 9999, beyond which times have no RFC 3339 form. */
  private static final long EPOCH_MILLIS_MAX = 253_402_300_799_999L;

  /** An answer with payloads takes so many times their size: as base64, as JSON, and on its way. */
  private static final long ANSWER_FACTOR = 5;

  private final LoadTurns turns;
  private final Coordinator coordinator;
  private final TransactionMapper mapper;
  private final Replies replies;
  private final HttpEdgeConfig config;

  QueryRoutes(
      LoadTurns turns,
      Coordinator coordinator,
      TransactionMapper mapper,
      Replies replies,
      HttpEdgeConfig config) {
    this.turns = turns;
    this.coordinator = coordinator;
    this.mapper = mapper;
    this.replies = replies;
    this.config = config;
  }

  Reply query(EdgeRequest request) {
    var text = request.query().text(Keys.GID);
    if (text.isEmpty()) {
      throw InvalidRequest.saying(Messages.NO_GID);
    }
    var found = find(request, Gids.parse(text));
    return replies.value(found.map(mapper::query).orElse(new QueryJson(List.of(), null)));
  }

  Reply all(EdgeRequest request) {
    var query = request.query();
    var gid = query.text(Keys.GID);
    if (!gid.isEmpty()) {
      return replies.value(one(request, Gids.parse(gid)));
    }
    var filter = filter(query);
    int limit = query.limit(Keys.LIMIT, LIMIT_DEFAULT, config.listMax());
    var page =
        turns.load(
            request.room(),
            () -> page(filter, query.text(Keys.POSITION), limit),
            QueryRoutes::sizeOf);
    var transactions = page.transactions().stream().map(mapper::transaction).toList();
    return replies.value(listing(page.nextPosition(), transactions));
  }

  Reply resetCronTime(EdgeRequest request) {
    var query = request.query();
    long seconds =
        query.number(
            Keys.TIMEOUT, config.timeoutToFail().multipliedBy(3).toSeconds(), 0, Integer.MAX_VALUE);
    int limit = query.limit(Keys.LIMIT, LIMIT_DEFAULT, config.listMax());
    var outcome = coordinator.retryAllNow(Duration.ofSeconds(seconds), limit);
    return replies.value(new ResetJson(outcome.hasRemaining(), outcome.count()));
  }

  private TransactionListJson one(EdgeRequest request, Gid gid) {
    return listing("", find(request, gid).map(mapper::transaction).stream().toList());
  }

  private Optional<GlobalTransaction> find(EdgeRequest request, Gid gid) {
    return turns.load(
        request.room(),
        () -> coordinator.find(gid),
        found -> found.map(QueryRoutes::sizeOf).orElse(0L) * ANSWER_FACTOR);
  }

  private static long sizeOf(TransactionPage page) {
    return page.transactions().stream().mapToLong(QueryRoutes::sizeOf).sum();
  }

  private static long sizeOf(GlobalTransaction transaction) {
    return transaction.payloadBytes()
        + transaction.definition().customData().length()
        + transaction.progress().result().length();
  }

  private static TransactionListJson listing(String next, List<TransactionJson> transactions) {
    return new TransactionListJson(next, transactions.isEmpty() ? null : transactions);
  }

  private TransactionPage page(TransactionFilter filter, String position, int limit) {
    try {
      return coordinator.list(filter, position, limit);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of(Keys.POSITION, position, "the next_position of an earlier answer");
    }
  }

  private static TransactionFilter filter(QueryParameters query) {
    var status = query.text(Keys.STATUS);
    var mode = query.text(Keys.TRANS_TYPE_PARAMETER);
    return new TransactionFilter(
        status.isEmpty() ? null : Words.status(Keys.STATUS, status),
        mode.isEmpty() ? null : Words.mode(Keys.TRANS_TYPE_PARAMETER, mode),
        second(query, Keys.CREATE_TIME_START, 0),
        second(query, Keys.CREATE_TIME_END, 999_999_999),
        parked(query));
  }

  private static boolean parked(QueryParameters query) {
    return switch (query.text(Keys.PARKED)) {
      case "true" -> true;
      case "", "false" -> false;
      default -> throw InvalidRequest.of(Keys.PARKED, query.text(Keys.PARKED), "true or false");
    };
  }

  /** Both bounds count in whole seconds, so the upper one includes all of its second. */
  private static @Nullable Instant second(QueryParameters query, String name, long nanos) {
    long millis = query.number(name, -1, 0, EPOCH_MILLIS_MAX);
    return millis < 0 ? null : Instant.ofEpochSecond(Math.floorDiv(millis, 1000), nanos);
  }
}
