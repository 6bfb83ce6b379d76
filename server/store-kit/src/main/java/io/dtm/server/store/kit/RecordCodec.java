package io.dtm.server.store.kit;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.KeyValueStore.Entry;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Parking;
import io.dtm.server.core.Payload;
import io.dtm.server.core.RetryPolicy;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionProgress;
import io.dtm.server.core.TransactionSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns transactions and settings into records and back. Stateless.
 *
 * <p>Every record begins with the version of its format. We write the oldest that can express it,
 * so that servers of the version before, which share the store during an upgrade, can read all that
 * they have words for; we read all formats up to the newest and refuse what is newer.
 */
public final class RecordCodec {
  /*
   * A definition record has what was asked for and the plan of the branches known then: id,
   * operation, address, payload, time of creation. Branches repeat one another (two operations
   * share one id and one payload), so a text or payload that came before in the record is a number
   * instead.
   *
   * A progress record has a head, the rest of the schedule, texts, and the branches that differ
   * from their plan: one that nobody has called costs nothing, one that succeeded about five bytes.
   * Instants are kept relative to the creation of the transaction.
   *
   * The second format adds to a definition the rest of its retry policy, and to a schedule since when
   * it is retried and why it is parked. Records that have none of these are of the first.
   */
  public static final int FIRST_FORMAT = 1;

  public static final int NEWEST_FORMAT = 2;

  private RecordCodec() {}

  /** What a definition record holds. */
  public record Definition(TransactionDefinition definition, List<Branch> plan) {}

  /** Reads what stands behind the version of the format. */
  private interface Contents<T> {
    T read(ByteReader in, int format);
  }

  /** Reads a record whole; whatever is wrong with it is a {@link RecordUnreadable}. */
  private static <T> T read(String what, Object name, byte[] bytes, Contents<T> contents) {
    try {
      var in = new ByteReader(bytes);
      int format = in.readByte();
      if (format < FIRST_FORMAT || format > NEWEST_FORMAT) {
        throw new RecordUnreadable(
            "%s of %s: format %d (supported: %d to %d)"
                .formatted(what, name, format, FIRST_FORMAT, NEWEST_FORMAT),
            null);
      }
      return contents.read(in, format);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
      throw new RecordUnreadable(
          "%s of %s: damaged (%d bytes): %s".formatted(what, name, bytes.length, e.getMessage()),
          e);
    }
  }

  private static void requireEnd(ByteReader in) {
    if (!in.isAtEnd()) {
      throw new IllegalArgumentException("goes on after its end at %d".formatted(in.position()));
    }
  }

  private static ByteWriter newRecord(int format) {
    var out = new ByteWriter();
    out.writeByte(format);
    return out;
  }

  private static int formatOf(TransactionOptions options) {
    return options.retryPolicy().saysIntervalOnly() ? FIRST_FORMAT : NEWEST_FORMAT;
  }

  private static int formatOf(Schedule schedule) {
    return schedule.retryingSince() == null && schedule.parking() == null
        ? FIRST_FORMAT
        : NEWEST_FORMAT;
  }

  // Definition.

  /** The definition with the plan of all its branches. */
  public static byte[] definition(TransactionDefinition definition, List<Branch> branches) {
    var out = newRecord(formatOf(definition.options()));
    var createdAt = definition.createdAt();
    out.writeInstant(createdAt, Instant.EPOCH);
    out.writeByte(Codes.of(definition.protocol()));
    writeSpec(out, definition.spec());
    writeOptions(out, definition.options());
    out.writeText(definition.checkBackUrl());
    out.writeText(definition.customData());
    out.writeNumber(branches.size());
    var seen = new HashMap<Object, Integer>();
    branches.forEach(branch -> writePlan(out, branch, createdAt, seen));
    return out.toBytes();
  }

  public static Definition definition(Gid gid, byte[] bytes) {
    return read(
        "definition",
        gid,
        bytes,
        (in, format) -> {
          var createdAt = in.readInstant(Instant.EPOCH);
          var protocol = Codes.branchProtocol(in.readByte());
          var spec = readSpec(in);
          var options = readOptions(in, format);
          var definition =
              new TransactionDefinition(
                  gid, spec, protocol, options, in.readText(), in.readText(), createdAt);
          int count = in.readInt();
          var plan = new ArrayList<Branch>();
          var seen = new ArrayList<Object>();
          for (int i = 0; i < count; i++) {
            plan.add(readPlan(in, createdAt, seen));
          }
          requireEnd(in);
          return new Definition(definition, plan);
        });
  }

  private static void writeSpec(ByteWriter out, TransactionSpec spec) {
    out.writeByte(Codes.of(spec.mode()));
    switch (spec) {
      case TransactionSpec.Saga(boolean concurrent, var predecessors) -> {
        out.writeFlag(concurrent);
        out.writeNumber(predecessors.size());
        predecessors.forEach((step, before) -> {
          out.writeSigned(step);
          out.writeNumber(before.size());
          before.forEach(out::writeSigned);
        });
      }
      case TransactionSpec.Tcc() -> {}
      case TransactionSpec.Xa() -> {}
      case TransactionSpec.Message(var delay) -> out.writeDuration(delay);
      case TransactionSpec.Workflow(var name, var data) -> {
        out.writeText(name);
        out.writeBytes(data.bytes());
      }
    }
  }

  private static TransactionSpec readSpec(ByteReader in) {
    return switch (Codes.transactionMode(in.readByte())) {
      case SAGA -> new TransactionSpec.Saga(in.readFlag(), readPredecessors(in));
      case TCC -> new TransactionSpec.Tcc();
      case XA -> new TransactionSpec.Xa();
      case MESSAGE -> new TransactionSpec.Message(in.readDuration());
      case WORKFLOW -> new TransactionSpec.Workflow(in.readText(), Payload.of(in.readBytes()));
    };
  }

  private static Map<Integer, List<Integer>> readPredecessors(ByteReader in) {
    int count = in.readInt();
    var predecessors = new HashMap<Integer, List<Integer>>();
    for (int i = 0; i < count; i++) {
      int step = Math.toIntExact(in.readSigned());
      int size = in.readInt();
      var before = new ArrayList<Integer>();
      for (int j = 0; j < size; j++) {
        before.add(Math.toIntExact(in.readSigned()));
      }
      predecessors.put(step, before);
    }
    return predecessors;
  }

  private static void writeOptions(ByteWriter out, TransactionOptions options) {
    boolean isPlain = options.equals(TransactionOptions.defaults());
    out.writeFlag(!isPlain);
    if (isPlain) {
      return;
    }
    out.writeFlag(options.waitResult());
    out.writeDuration(options.timeoutToFail());
    out.writeDuration(options.requestTimeout());
    out.writeDuration(options.retryInterval());
    out.writeNumber(options.retryLimit());
    out.writeFlag(options.concurrent());
    out.writeNumber(options.branchHeaders().size());
    options
        .branchHeaders()
        .forEach((name, value) -> {
          out.writeText(name);
          out.writeText(value);
        });
    if (formatOf(options) != FIRST_FORMAT) {
      writeRest(out, options.retryPolicy());
    }
  }

  /** All but the first pause, which stands among the options of the first format. */
  private static void writeRest(ByteWriter out, RetryPolicy policy) {
    out.writeNumber(policy.factor());
    out.writeDuration(policy.intervalMax());
    out.writeNumber(policy.attemptsMax());
    out.writeDuration(policy.ageMax());
  }

  private static TransactionOptions readOptions(ByteReader in, int format) {
    if (!in.readFlag()) {
      return TransactionOptions.defaults();
    }
    boolean waitResult = in.readFlag();
    Duration timeoutToFail = in.readDuration();
    Duration requestTimeout = in.readDuration();
    Duration retryInterval = in.readDuration();
    int retryLimit = in.readInt();
    boolean concurrent = in.readFlag();
    int count = in.readInt();
    var headers = new HashMap<String, String>();
    for (int i = 0; i < count; i++) {
      headers.put(in.readText(), in.readText());
    }
    var retryPolicy =
        format == FIRST_FORMAT
            ? RetryPolicy.ofInterval(retryInterval)
            : new RetryPolicy(
                retryInterval, in.readInt(), in.readDuration(), in.readInt(), in.readDuration());
    return new TransactionOptions(
        waitResult, timeoutToFail, requestTimeout, retryPolicy, retryLimit, concurrent, headers);
  }

  // Branches.

  /** A branch that was appended after its transaction was defined. */
  public static byte[] branch(Branch branch, Instant transactionCreatedAt) {
    var out = newRecord(FIRST_FORMAT);
    writePlan(out, branch, transactionCreatedAt, new HashMap<>());
    return out.toBytes();
  }

  public static Branch branch(Gid gid, byte[] bytes, Instant transactionCreatedAt) {
    return read(
        "branch",
        gid,
        bytes,
        (in, format) -> {
          var branch = readPlan(in, transactionCreatedAt, new ArrayList<>());
          requireEnd(in);
          return branch;
        });
  }

  /** Branches that were appended one after the other; two such records may be joined. */
  public static byte[] appended(List<Branch> branches, Instant transactionCreatedAt) {
    var out = new ByteWriter();
    branches.forEach(branch -> out.writeBytes(branch(branch, transactionCreatedAt)));
    return out.toBytes();
  }

  static List<Branch> appended(Gid gid, byte[] bytes, Instant transactionCreatedAt) {
    try {
      var in = new ByteReader(bytes);
      var branches = new ArrayList<Branch>();
      while (!in.isAtEnd()) {
        branches.add(branch(gid, in.readBytes(), transactionCreatedAt));
      }
      return branches;
    } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
      throw new RecordUnreadable(
          "branches of %s: damaged (%d bytes): %s".formatted(gid, bytes.length, e.getMessage()), e);
    }
  }

  private static void writePlan(
      ByteWriter out, Branch branch, Instant createdAt, Map<Object, Integer> seen) {
    writeShared(out, branch.branchId(), seen, out::writeText);
    writeShared(out, branch.operation().name(), seen, out::writeText);
    writeShared(out, branch.url(), seen, out::writeText);
    writeShared(out, branch.payload(), seen, payload -> out.writeBytes(payload.bytes()));
    out.writeInstant(branch.progress().createdAt(), createdAt);
  }

  private static Branch readPlan(ByteReader in, Instant createdAt, List<Object> seen) {
    var branchId = readShared(in, seen, String.class, ByteReader::readText);
    var operation = new Operation(readShared(in, seen, String.class, ByteReader::readText));
    var url = readShared(in, seen, String.class, ByteReader::readText);
    var payload = readShared(in, seen, Payload.class, r -> Payload.of(r.readBytes()));
    return Branch.planned(branchId, operation, url, payload, in.readInstant(createdAt));
  }

  private static <T> void writeShared(
      ByteWriter out, T value, Map<Object, Integer> seen, Consumer<T> contents) {
    var earlier = seen.putIfAbsent(value, seen.size() + 1);
    out.writeNumber(earlier == null ? 0 : earlier);
    if (earlier == null) {
      contents.accept(value);
    }
  }

  private static <T> T readShared(
      ByteReader in, List<Object> seen, Class<T> type, Function<ByteReader, T> contents) {
    int earlier = in.readInt();
    if (earlier > 0) {
      var value = seen.get(earlier - 1);
      if (!type.isInstance(value)) {
        throw new IllegalArgumentException(
            "reference %d is no %s".formatted(earlier, type.getSimpleName()));
      }
      return type.cast(value);
    }
    var value = contents.apply(in);
    seen.add(value);
    return value;
  }

  // Progress.

  public static byte[] progress(GlobalTransaction transaction, Head head) {
    var out = newRecord(formatOf(transaction.schedule()));
    var progress = transaction.progress();
    writeHead(out, head);
    writeSchedule(out, progress.schedule(), head.createdAt());
    out.writeInstant(progress.updatedAt(), head.createdAt());
    out.writeText(progress.rollbackReason());
    out.writeText(progress.result());
    writeTouched(out, transaction.branches(), head.createdAt());
    return out.toBytes();
  }

  public static Head head(Object name, byte[] bytes) {
    return read("progress", name, bytes, (in, format) -> readHead(in));
  }

  /** The stored transaction, put together from its records. */
  public static GlobalTransaction transaction(
      TransactionDefinition definition, List<Branch> plan, byte[] progressBytes) {
    return read(
        "progress",
        definition.gid(),
        progressBytes,
        (in, format) -> {
          var head = readHead(in);
          var schedule = readSchedule(in, format, head);
          var progress =
              new TransactionProgress(
                  head.status(),
                  head.version(),
                  schedule,
                  in.readInstant(head.createdAt()),
                  head.finishedAt(),
                  in.readText(),
                  in.readText());
          var branches = new ArrayList<>(plan);
          readTouched(in, branches, head.createdAt());
          requireEnd(in);
          return new GlobalTransaction(definition, branches, progress);
        });
  }

  public static Schedule schedule(Gid gid, byte[] progressBytes) {
    return read(
        "progress", gid, progressBytes, (in, format) -> readSchedule(in, format, readHead(in)));
  }

  /** The same progress with another head and schedule. */
  public static byte[] rescheduled(byte[] progressBytes, Head head, Schedule schedule) {
    return read(
        "progress",
        "a transaction",
        progressBytes,
        (in, format) -> {
          readSchedule(in, format, readHead(in));
          var out = newRecord(formatOf(schedule));
          writeHead(out, head);
          writeSchedule(out, schedule, head.createdAt());
          out.append(progressBytes, in.position());
          return out.toBytes();
        });
  }

  private static void writeHead(ByteWriter out, Head head) {
    out.writeByte(Codes.of(head.status()));
    out.writeByte(Codes.of(head.mode()));
    out.writeNumber(head.version());
    out.writeInstant(head.createdAt(), Instant.EPOCH);
    out.writeNumber(head.planned());
    out.writeNumber(head.appended());
    out.writeInstant(head.dueAt(), head.createdAt());
    writeOptionalInstant(out, head.finishedAt(), head.createdAt());
  }

  private static Head readHead(ByteReader in) {
    var status = Codes.transactionStatus(in.readByte());
    var mode = Codes.transactionMode(in.readByte());
    long version = in.readNumber();
    var createdAt = in.readInstant(Instant.EPOCH);
    int planned = in.readInt();
    int appended = in.readInt();
    var dueAt = in.readInstant(createdAt);
    return new Head(
        status,
        mode,
        version,
        createdAt,
        planned,
        appended,
        dueAt,
        readOptionalInstant(in, createdAt));
  }

  private static void writeSchedule(ByteWriter out, Schedule schedule, Instant createdAt) {
    out.writeDuration(schedule.interval());
    out.writeNumber(schedule.failures());
    out.writeText(schedule.claimedBy());
    if (formatOf(schedule) != FIRST_FORMAT) {
      writeOptionalInstant(out, schedule.retryingSince(), createdAt);
      var parking = schedule.parking();
      out.writeFlag(parking != null);
      if (parking != null) {
        out.writeText(parking.reason());
        out.writeText(parking.destination());
        out.writeInstant(parking.since(), createdAt);
      }
    }
  }

  private static Schedule readSchedule(ByteReader in, int format, Head head) {
    var interval = in.readDuration();
    int failures = in.readInt();
    var claimedBy = in.readText();
    if (format == FIRST_FORMAT) {
      return new Schedule(head.dueAt(), interval, failures, claimedBy);
    }
    var retryingSince = readOptionalInstant(in, head.createdAt());
    var parking = in.readFlag() ? readParking(in, head.createdAt()) : null;
    return new Schedule(head.dueAt(), interval, failures, claimedBy, retryingSince, parking);
  }

  private static Parking readParking(ByteReader in, Instant createdAt) {
    return new Parking(in.readText(), in.readText(), in.readInstant(createdAt));
  }

  private static void writeOptionalInstant(
      ByteWriter out, @Nullable Instant instant, Instant base) {
    out.writeFlag(instant != null);
    if (instant != null) {
      out.writeInstant(instant, base);
    }
  }

  private static @Nullable Instant readOptionalInstant(ByteReader in, Instant base) {
    return in.readFlag() ? in.readInstant(base) : null;
  }

  private static void writeTouched(ByteWriter out, List<Branch> branches, Instant createdAt) {
    int next = 0;
    for (int i = 0; i < branches.size(); i++) {
      var progress = branches.get(i).progress();
      if (!isUntouched(progress)) {
        // The distance plus one: zero is the end.
        out.writeNumber(i - next + 1L);
        writeTouched(out, progress, createdAt);
        next = i + 1;
      }
    }
    out.writeNumber(0);
  }

  private static boolean isUntouched(Branch.Progress progress) {
    return progress.status() == BranchStatus.PREPARED
        && progress.errors() == 0
        && progress.finishedAt() == null
        && progress.lastFailure().isEmpty()
        && progress.updatedAt().equals(progress.createdAt());
  }

  private static void writeTouched(ByteWriter out, Branch.Progress progress, Instant createdAt) {
    out.writeByte(Codes.of(progress.status()));
    out.writeNumber(progress.errors());
    out.writeInstant(progress.updatedAt(), createdAt);
    // Most often the last update was the end.
    writeOptionalInstant(out, progress.finishedAt(), progress.updatedAt());
    out.writeText(progress.lastFailure());
  }

  private static void readTouched(ByteReader in, List<Branch> branches, Instant createdAt) {
    int index = -1;
    for (int distance = in.readInt(); distance > 0; distance = in.readInt()) {
      index = Math.addExact(index, distance);
      branches.set(index, readTouched(in, branches.get(index), createdAt));
    }
  }

  private static Branch readTouched(ByteReader in, Branch planned, Instant createdAt) {
    var status = Codes.branchStatus(in.readByte());
    int errors = in.readInt();
    var updatedAt = in.readInstant(createdAt);
    var finishedAt = readOptionalInstant(in, updatedAt);
    return planned.withProgress(
        new Branch.Progress(
            status, errors, planned.progress().createdAt(), updatedAt, finishedAt, in.readText()));
  }

  // Settings.

  public static byte[] entry(Entry entry) {
    var out = newRecord(FIRST_FORMAT);
    out.writeText(entry.category());
    out.writeText(entry.key());
    out.writeText(entry.value());
    out.writeNumber(entry.version());
    out.writeInstant(entry.createdAt(), Instant.EPOCH);
    out.writeInstant(entry.updatedAt(), entry.createdAt());
    return out.toBytes();
  }

  public static Entry entry(byte[] bytes) {
    return read(
        "value",
        "a setting",
        bytes,
        (in, format) -> {
          var category = in.readText();
          var key = in.readText();
          var value = in.readText();
          long version = in.readNumber();
          var createdAt = in.readInstant(Instant.EPOCH);
          var updatedAt = in.readInstant(createdAt);
          requireEnd(in);
          return new Entry(category, key, value, version, createdAt, updatedAt);
        });
  }
}
