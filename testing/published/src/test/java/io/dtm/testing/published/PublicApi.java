package io.dtm.testing.published;

import static java.lang.reflect.AccessFlag.PROTECTED;
import static java.lang.reflect.AccessFlag.PUBLIC;
import static java.lang.reflect.AccessFlag.SYNTHETIC;

import java.io.IOException;
import java.lang.classfile.AccessFlags;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.attribute.InnerClassInfo;
import java.lang.classfile.constantpool.ClassEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a room's class files show to whoever compiles against them, in words. */
final class PublicApi {
  private final Map<String, ClassModel> types = new TreeMap<>();

  PublicApi(List<Path> classFiles) throws IOException {
    for (var file : classFiles) {
      var type = ClassFile.of().parse(file);
      types.put(nameOf(type.thisClass()), type);
    }
  }

  /** A block for each type, members sorted, so that a change shows as what it is. */
  String text() {
    var text = new StringBuilder();
    for (var type : types.values()) {
      if (isShown(type) || isInherited(type)) {
        text.append(text.isEmpty() ? "" : "\n").append(TypeText.header(type, flags(type)));
        members(type).forEach(member -> text.append("  ").append(member).append('\n'));
      }
    }
    return text.toString();
  }

  /** Public, and so is every type around it. */
  private boolean isShown(ClassModel type) {
    var nested = nested(type);
    if (nested.isEmpty()) {
      return type.flags().has(PUBLIC) && !type.flags().has(SYNTHETIC);
    }
    var info = nested.get();
    var outer = info.outerClass().map(entry -> types.get(nameOf(entry)));
    return outer.isPresent() && (info.has(PUBLIC) || info.has(PROTECTED)) && isShown(outer.get());
  }

  /** What nobody can name, but whose members those that extend it have. */
  private boolean isInherited(ClassModel type) {
    Predicate<ClassModel> extendsIt =
        other ->
            Stream.concat(other.superclass().stream(), other.interfaces().stream())
                .anyMatch(entry -> nameOf(entry).equals(nameOf(type.thisClass())));
    return types.values().stream()
        .filter(extendsIt)
        .anyMatch(other -> isShown(other) || isInherited(other));
  }

  private static Optional<InnerClassInfo> nested(ClassModel type) {
    return type.findAttribute(Attributes.innerClasses()).stream()
        .flatMap(inner -> inner.classes().stream())
        .filter(inner -> nameOf(inner.innerClass()).equals(nameOf(type.thisClass())))
        .findFirst();
  }

  private static String nameOf(ClassEntry entry) {
    return entry.asInternalName();
  }

  private static int flags(ClassModel type) {
    return nested(type).map(InnerClassInfo::flagsMask).orElse(type.flags().flagsMask());
  }

  private static TreeSet<String> members(ClassModel type) {
    var members = new TreeSet<String>();
    type.fields().stream()
        .filter(field -> isShown(field.flags()))
        .forEach(field -> members.add(TypeText.field(field)));
    type.methods().stream()
        .filter(method -> isShown(method.flags()))
        .forEach(method -> members.add(TypeText.method(type, method)));
    return members;
  }

  private static boolean isShown(AccessFlags flags) {
    return (flags.has(PUBLIC) || flags.has(PROTECTED)) && !flags.has(SYNTHETIC);
  }
}
