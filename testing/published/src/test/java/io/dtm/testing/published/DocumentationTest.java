package io.dtm.testing.published;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every type that users can name says what it is and what it promises. */
class DocumentationTest {
  static List<PublishedRoom> rooms() throws IOException {
    return PublishedRoom.all();
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void everyPublicTypeHasADocComment(PublishedRoom room) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(room.sources()));
      var comments = DocTrees.instance(task);
      var documented = new ArrayList<String>();
      var bare = new ArrayList<String>();
      for (var unit : task.parse()) {
        for (var type : publicTypes(unit)) {
          boolean isBare = comments.getDocComment(type) == null;
          (isBare ? bare : documented).add(name(unit, (ClassTree) type.getLeaf()));
        }
      }

      assertThat(bare).as("public types without a doc comment").isEmpty();
      assertThat(documented).isNotEmpty();
    }
  }

  private static List<TreePath> publicTypes(CompilationUnitTree unit) {
    var found = new ArrayList<TreePath>();
    for (var type : unit.getTypeDecls()) {
      addPublic(new TreePath(unit), type, false, found);
    }
    return found;
  }

  /** A type within an interface is public without saying so. */
  private static void addPublic(
      TreePath around, Tree tree, boolean isInInterface, List<TreePath> found) {
    if (tree instanceof ClassTree type
        && (isInInterface || type.getModifiers().getFlags().contains(Modifier.PUBLIC))) {
      var path = new TreePath(around, type);
      found.add(path);
      boolean isInterface =
          type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
      for (var member : type.getMembers()) {
        addPublic(path, member, isInterface, found);
      }
    }
  }

  private static String name(CompilationUnitTree unit, ClassTree type) {
    return unit.getPackageName() + "." + type.getSimpleName();
  }
}
