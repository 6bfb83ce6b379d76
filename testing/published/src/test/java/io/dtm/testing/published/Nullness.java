package io.dtm.testing.published;

import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.Signature;
import java.lang.classfile.TypeAnnotation;
import java.lang.classfile.TypeAnnotation.FormalParameterTarget;
import java.lang.classfile.TypeAnnotation.TargetType;
import java.lang.classfile.TypeAnnotation.TypePathComponent;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What of a member may be null. Everything else may not. */
record Nullness(List<TypeAnnotation> marks) {
  private static final String NULLABLE = "Lorg/jspecify/annotations/Nullable;";

  static Nullness of(AttributedElement member) {
    return new Nullness(
        member.findAttribute(Attributes.runtimeVisibleTypeAnnotations()).stream()
            .flatMap(attribute -> attribute.annotations().stream())
            .filter(mark -> mark.annotation().className().equalsString(NULLABLE))
            .toList());
  }

  String field(Signature type) {
    return text(type, mark -> mark.targetInfo().targetType() == TargetType.FIELD);
  }

  String result(Signature type) {
    return text(type, mark -> mark.targetInfo().targetType() == TargetType.METHOD_RETURN);
  }

  String argument(int index, Signature type) {
    return text(
        type,
        mark ->
            mark.targetInfo() instanceof FormalParameterTarget target
                && target.formalParameterIndex() == index);
  }

  private String text(Signature type, Predicate<TypeAnnotation> isOfIt) {
    Set<String> places =
        marks.stream().filter(isOfIt).map(Nullness::place).collect(Collectors.toSet());
    return SignatureText.of(type, places, "");
  }

  private static String place(TypeAnnotation mark) {
    return mark.targetPath().stream().map(Nullness::step).collect(Collectors.joining());
  }

  private static String step(TypePathComponent step) {
    return switch (step.typePathKind()) {
      case ARRAY -> "[";
      case INNER_TYPE -> ".";
      case WILDCARD -> "*";
      case TYPE_ARGUMENT -> Integer.toString(step.typeArgumentIndex());
    };
  }
}
