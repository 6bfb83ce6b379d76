/**
 * Holds the documents to the code. A test shows its code on a page by two marks, {@code page:
 * begin} and {@code page: end}, each a line comment of its own; nothing has to be registered
 * anywhere.
 */
@NullMarked
package io.dtm.testing.documents;

import org.jspecify.annotations.NullMarked;
