package io.dtm.testing.published;

import java.lang.classfile.Signature;
import java.lang.classfile.Signature.ArrayTypeSig;
import java.lang.classfile.Signature.BaseTypeSig;
import java.lang.classfile.Signature.ClassTypeSig;
import java.lang.classfile.Signature.TypeArg;
import java.lang.classfile.Signature.TypeParam;
import java.lang.classfile.Signature.TypeVarSig;
import java.lang.constant.ClassDesc;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Types as Java writes them; without {@code java.lang}, which nobody imports. */
final class SignatureText {
  private static final String NULLABLE = "@Nullable ";

  private SignatureText() {}

  static String of(Signature type) {
    return of(type, Set.of(), "");
  }

  /**
   * @param nullable the places within the type that may be null
   * @param place where this one is: a bracket for a component, a number for an argument, a star for
   *     a bound
   */
  static String of(Signature type, Set<String> nullable, String place) {
    var mark = nullable.contains(place) ? NULLABLE : "";
    return switch (type) {
      case BaseTypeSig base -> ClassDesc.ofDescriptor(base.signatureString()).displayName();
      case TypeVarSig variable -> mark + variable.identifier();
      case ClassTypeSig named ->
          mark + className(named) + arguments(named.typeArgs(), nullable, place);
      case ArrayTypeSig array ->
          of(array.componentSignature(), nullable, place + "[")
              + (mark.isEmpty() ? "[]" : " " + NULLABLE + "[]");
    };
  }

  private static String className(ClassTypeSig named) {
    return named
        .outerType()
        .map(outer -> of(outer) + "." + named.className())
        .orElseGet(() -> name(named.className()));
  }

  private static String arguments(List<TypeArg> arguments, Set<String> nullable, String place) {
    if (arguments.isEmpty()) {
      return "";
    }
    return IntStream.range(0, arguments.size())
        .mapToObj(i -> argument(arguments.get(i), nullable, place + i))
        .collect(Collectors.joining(", ", "<", ">"));
  }

  private static String argument(TypeArg argument, Set<String> nullable, String place) {
    return switch (argument) {
      case TypeArg.Unbounded any -> "?";
      case TypeArg.Bounded bounded ->
          switch (bounded.wildcardIndicator()) {
            case NONE -> of(bounded.boundType(), nullable, place);
            case EXTENDS -> "? extends " + of(bounded.boundType(), nullable, place + "*");
            case SUPER -> "? super " + of(bounded.boundType(), nullable, place + "*");
          };
    };
  }

  static String list(List<? extends Signature> types) {
    return types.stream().map(SignatureText::of).collect(Collectors.joining(", "));
  }

  /** Of a type or a method, with their bounds; empty if there are none. */
  static String parameters(List<TypeParam> parameters) {
    if (parameters.isEmpty()) {
      return "";
    }
    return parameters.stream()
        .map(SignatureText::parameter)
        .collect(Collectors.joining(", ", "<", ">"));
  }

  private static String parameter(TypeParam parameter) {
    var bounds =
        Stream.concat(parameter.classBound().stream(), parameter.interfaceBounds().stream())
            .map(SignatureText::of)
            .filter(bound -> !bound.equals("Object"))
            .collect(Collectors.joining(" & "));
    return parameter.identifier() + (bounds.isEmpty() ? "" : " extends " + bounds);
  }

  static String name(String internalName) {
    return internalName
        .replace('/', '.')
        .replace('$', '.')
        .replaceFirst("^java\\.lang\\.(?=[A-Z])", "");
  }

  static String simpleName(String internalName) {
    var name = name(internalName);
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
