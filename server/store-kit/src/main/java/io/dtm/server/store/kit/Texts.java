package io.dtm.server.store.kit;

/** Looks at texts that may not be Unicode: Java lets a string have half a surrogate pair. */
public final class Texts {
  private Texts() {}

  /** Whether every surrogate has its other half, so that UTF-8 can express the text. */
  public static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!isPairAt(text, i)) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** Whether a surrogate pair begins there. */
  public static boolean isPairAt(String text, int index) {
    return index + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(index), text.charAt(index + 1));
  }
}
