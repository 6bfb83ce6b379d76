package io.dtm.workflow;

import static java.util.Objects.requireNonNull;

/** Names of workflows and steps. */
final class Names {
  private Names() {}

  /**
   * @param what it names, for people
   */
  static String check(String what, String name) {
    requireNonNull(name, what);
    if (name.isEmpty() || name.length() > Workflow.NAME_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "%s: name of %d characters (expected: 1 to %d)"
              .formatted(what, name.length(), Workflow.NAME_LENGTH_MAX));
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "%s: name '%s' (expected: no control characters)".formatted(what, name));
    }
    return name;
  }
}
