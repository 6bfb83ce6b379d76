package io.dtm.testing.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the published jars are as modules. */
class ModuleNamesIT {
  static List<PublishedRoom> rooms() throws IOException {
    return PublishedRoom.all();
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void aModuleIsCalledWhatItsPackageIsCalled(PublishedRoom room) throws IOException {
    try (var jar = new JarFile(room.jar().toFile())) {
      assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
          .as("<java.module.name> in %s/pom.xml", room)
          .isEqualTo(room.rootPackage());
    }
  }

  /** A package in two modules, or one name for two, would keep both off the same module path. */
  @Test
  void noTwoModulesHaveANameOrAPackageInCommon() throws IOException {
    var names = new ArrayList<String>();
    var packages = new ArrayList<String>();
    for (var room : PublishedRoom.all()) {
      var module = module(room).descriptor();
      names.add(module.name());
      packages.addAll(module.packages());
    }

    assertThat(names).doesNotHaveDuplicates();
    assertThat(packages).doesNotHaveDuplicates();
    assertThat(new HashSet<>(packages)).containsAll(names);
  }

  private static ModuleReference module(PublishedRoom room) throws IOException {
    var found = ModuleFinder.of(room.jar()).findAll();
    assertThat(found).as(room.name()).hasSize(1);
    return found.iterator().next();
  }
}
