/** What users compile against and load: the public API, its documentation, the names of modules. */
@NullMarked
package io.dtm.testing.published;

import org.jspecify.annotations.NullMarked;
