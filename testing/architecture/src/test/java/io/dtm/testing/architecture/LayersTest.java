package io.dtm.testing.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The arrows between rooms, as ARCHITECTURE.md draws them. */
class LayersTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.dtm");

  /** Each room, and the rooms that it may know besides itself. */
  private static final Map<String, List<String>> ROOMS = rooms();

  private static Map<String, List<String>> rooms() {
    var rooms = new LinkedHashMap<String, List<String>>();
    rooms.put("protocol", List.of());
    rooms.put("client", List.of("protocol"));
    rooms.put("cache", List.of());
    rooms.put("barrier", List.of("protocol"));
    rooms.put("barrier.redis", List.of("protocol", "barrier"));
    rooms.put("barrier.mongo", List.of("protocol", "barrier"));
    rooms.put("xa", List.of("protocol", "barrier"));
    rooms.put("workflow", List.of("client", "protocol", "barrier", "xa"));
    rooms.put("examples.bank", List.of("protocol", "barrier"));
    rooms.put("sdk.grpc", List.of("client", "protocol"));
    rooms.put("spring", List.of("client", "protocol", "barrier", "xa", "workflow"));
    rooms.put(
        "spring.boot",
        List.of("client", "protocol", "barrier", "xa", "sdk.grpc", "workflow", "spring"));
    rooms.put("spring.boot3", List.of("client", "spring", "spring.boot"));
    rooms.put("spring.boot4", List.of("client", "spring", "spring.boot"));
    rooms.put("examples.springboot", List.of("client", "barrier", "xa", "workflow", "spring"));
    rooms.put("examples.cache", List.of("cache", "client"));
    rooms.put("server.core", List.of());
    rooms.put("server.engine", List.of("server.core"));
    rooms.put("server.topics", List.of("protocol", "server.core"));
    rooms.put("server.nodes", List.of("protocol", "server.core"));
    rooms.put(
        "server.api",
        List.of("protocol", "server.core", "server.engine", "server.topics", "server.nodes"));
    rooms.put("server.branch", List.of("protocol", "server.core"));
    rooms.put("server.store.memory", List.of("server.core"));
    rooms.put("server.store.kit", List.of("server.core"));
    for (var store : List.of("rocksdb", "jdbc", "redis", "mongo")) {
      rooms.put("server.store." + store, List.of("server.core", "server.store.kit"));
    }
    rooms.put(
        "server.stores",
        List.of(
            "server.core",
            "server.store.memory",
            "server.store.rocksdb",
            "server.store.jdbc",
            "server.store.redis",
            "server.store.mongo"));
    rooms.put("server.transfer", List.of("server.core"));
    rooms.put(
        "server.app",
        List.of(
            "server.core",
            "server.engine",
            "server.topics",
            "server.nodes",
            "server.api",
            "server.branch",
            "server.stores"));
    rooms.put(
        "cli",
        List.of(
            "client",
            "protocol",
            "examples.bank",
            "server.app",
            "server.api",
            "server.core",
            "server.stores",
            "server.transfer",
            "testing.simulation"));
    rooms.put(
        "testing.simulation",
        List.of("server.branch", "server.core", "server.engine", "server.store.memory"));
    rooms.put("testing.time", List.of("server.core"));
    rooms.put("testing.outage", List.of("server.core"));
    rooms.put("testing.store.testkit", List.of("server.core"));
    rooms.put("testing.databases", List.of());
    rooms.put("testing.faults", List.of("protocol", "testing.databases"));
    rooms.put("benchmarks.load", List.of("protocol", "testing.databases"));
    rooms.put(
        "testing.embedded",
        List.of(
            "server.core",
            "server.engine",
            "server.topics",
            "server.api",
            "server.branch",
            "server.store.memory",
            "testing.outage",
            "testing.time"));
    rooms.put(
        "sdk.testing",
        List.of(
            "client",
            "protocol",
            "server.core",
            "server.engine",
            "server.branch",
            "testing.embedded"));
    return rooms;
  }

  @TestFactory
  List<DynamicTest> everyRoomKnowsOnlyTheRoomsBelowIt() {
    return ROOMS.entrySet().stream()
        .map(room ->
            DynamicTest.dynamicTest(room.getKey(), () -> knowsOnly(room.getKey(), room.getValue())))
        .toList();
  }

  private static void knowsOnly(String room, List<String> others) {
    var forbidden =
        ROOMS.keySet().stream()
            .filter(other -> !other.equals(room) && !others.contains(other))
            .map(other -> "io.dtm." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("io.dtm." + room + "..")
        .and()
        .resideOutsideOfPackages(roomsInside(room))
        .should()
        .dependOnClassesThat(resideInAnyPackage(forbidden))
        .check(CLASSES);
  }

  /** Rooms whose package lies in that of this one. */
  private static String[] roomsInside(String room) {
    return ROOMS.keySet().stream()
        .filter(other -> other.startsWith(room + "."))
        .map(other -> "io.dtm." + other + "..")
        .toArray(String[]::new);
  }

  @Test
  void everyClassLivesInARoom() {
    var homeless =
        CLASSES.stream()
            .filter(type ->
                ROOMS.keySet().stream()
                    .map(room -> "io.dtm." + room)
                    .noneMatch(room -> (type.getPackageName() + ".").startsWith(room + ".")))
            .map(JavaClass::getName)
            .toList();
    assertThat(homeless).isEmpty();
  }

  @Test
  void theDomainAndTheEngineKnowNoLibrary() {
    noClasses()
        .that()
        .resideInAnyPackage("io.dtm.server.core..", "io.dtm.server.engine..")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.not(
                resideInAnyPackage("java..", "org.jspecify..", "org.slf4j..", "io.dtm.server..")))
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.dtm.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void namesSayWhatAClassDoes() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .check(CLASSES);
  }

  @Test
  void timeComesInByConstructor() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.dtm.server.app..",
            "io.dtm.cli..",
            "io.dtm.examples..",
            "io.dtm.client..",
            "io.dtm.testing.faults..",
            "io.dtm.benchmarks..")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .check(CLASSES);
  }
}
