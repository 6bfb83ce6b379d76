package io.dtm.testing.published;

import static java.lang.reflect.AccessFlag.ABSTRACT;
import static java.lang.reflect.AccessFlag.ANNOTATION;
import static java.lang.reflect.AccessFlag.ENUM;
import static java.lang.reflect.AccessFlag.INTERFACE;
import static java.lang.reflect.AccessFlag.STATIC;
import static java.lang.reflect.AccessFlag.VARARGS;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassSignature;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodSignature;
import java.lang.classfile.Signature;
import java.lang.classfile.Signature.ClassTypeSig;
import java.lang.constant.ConstantDesc;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A type and its members as a line of Java each. */
final class TypeText {
  private static final int WORDS =
      Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT;

  private TypeText() {}

  static String header(ClassModel type, int flags) {
    var signature =
        type.findAttribute(Attributes.signature())
            .map(attribute -> attribute.asClassSignature())
            .orElseGet(() -> plain(type));
    var sealed = type.findAttribute(Attributes.permittedSubclasses());
    boolean isInterface = type.flags().has(INTERFACE);
    var line = new StringJoiner(" ", "", "\n");
    words(isInterface ? flags & ~Modifier.ABSTRACT : flags).forEach(line::add);
    sealed.ifPresent(permits -> line.add("sealed"));
    line.add(kind(type));
    line.add(
        SignatureText.name(type.thisClass().asInternalName())
            + SignatureText.parameters(signature.typeParameters()));
    var parent = SignatureText.of(signature.superclassSignature());
    if (!parent.equals("Object")) {
      line.add("extends " + parent);
    }
    if (!signature.superinterfaceSignatures().isEmpty()) {
      line.add(isInterface ? "extends" : "implements");
      line.add(SignatureText.list(signature.superinterfaceSignatures()));
    }
    sealed.ifPresent(permits ->
        line.add(
            permits.permittedSubclasses().stream()
                .map(entry -> SignatureText.name(entry.asInternalName()))
                .collect(Collectors.joining(", ", "permits ", ""))));
    return line.toString();
  }

  private static ClassSignature plain(ClassModel type) {
    return ClassSignature.of(
        ClassTypeSig.of(type.superclass().map(entry -> entry.asSymbol()).orElseThrow()),
        type.interfaces().stream()
            .map(entry -> ClassTypeSig.of(entry.asSymbol()))
            .toArray(ClassTypeSig[]::new));
  }

  private static String kind(ClassModel type) {
    if (type.flags().has(ANNOTATION)) {
      return "@interface";
    }
    if (type.flags().has(INTERFACE)) {
      return "interface";
    }
    if (type.flags().has(ENUM)) {
      return "enum";
    }
    return type.findAttribute(Attributes.record()).isPresent() ? "record" : "class";
  }

  static String field(FieldModel field) {
    var signature =
        field
            .findAttribute(Attributes.signature())
            .map(attribute -> attribute.asTypeSignature())
            .orElseGet(() -> Signature.of(field.fieldTypeSymbol()));
    var line = new StringJoiner(" ");
    words(field.flags().flagsMask()).forEach(line::add);
    line.add(Nullness.of(field).field(signature));
    line.add(field.fieldName().stringValue());
    field
        .findAttribute(Attributes.constantValue())
        .ifPresent(value -> line.add("= " + inOneLine(value.constant().constantValue())));
    return line.toString();
  }

  private static String inOneLine(ConstantDesc constant) {
    return constant.toString().replace("\n", "\\n");
  }

  static String method(ClassModel type, MethodModel method) {
    var signature =
        method
            .findAttribute(Attributes.signature())
            .map(attribute -> attribute.asMethodSignature())
            .orElseGet(() -> MethodSignature.of(method.methodTypeSymbol()));
    var nullness = Nullness.of(method);
    boolean isConstructor = method.methodName().equalsString("<init>");
    boolean isDefault =
        type.flags().has(INTERFACE) && !method.flags().has(ABSTRACT) && !method.flags().has(STATIC);
    var line = new StringJoiner(" ");
    words(method.flags().flagsMask()).forEach(line::add);
    if (isDefault) {
      line.add("default");
    }
    if (!signature.typeParameters().isEmpty()) {
      line.add(SignatureText.parameters(signature.typeParameters()));
    }
    if (!isConstructor) {
      line.add(nullness.result(signature.result()));
    }
    var name =
        isConstructor
            ? SignatureText.simpleName(type.thisClass().asInternalName())
            : method.methodName().stringValue();
    line.add(name + arguments(method, signature, nullness));
    thrown(method, signature).forEach(line::add);
    if (method.findAttribute(Attributes.annotationDefault()).isPresent()) {
      line.add("default");
    }
    return line.toString();
  }

  private static String arguments(
      MethodModel method, MethodSignature signature, Nullness nullness) {
    var arguments = signature.arguments();
    var text =
        IntStream.range(0, arguments.size())
            .mapToObj(i -> nullness.argument(i, arguments.get(i)))
            .collect(Collectors.joining(", ", "(", ")"));
    return method.flags().has(VARARGS) ? text.replaceFirst("\\[]\\)$", "...)") : text;
  }

  private static List<String> thrown(MethodModel method, MethodSignature signature) {
    if (!signature.throwableSignatures().isEmpty()) {
      return List.of("throws", SignatureText.list(signature.throwableSignatures()));
    }
    return method
        .findAttribute(Attributes.exceptions())
        .map(declared ->
            declared.exceptions().stream()
                .map(entry -> SignatureText.name(entry.asInternalName()))
                .collect(Collectors.joining(", ")))
        .map(names -> List.of("throws", names))
        .orElse(List.of());
  }

  private static List<String> words(int flags) {
    var words = Modifier.toString(flags & WORDS);
    return words.isEmpty() ? List.of() : List.of(words);
  }
}
