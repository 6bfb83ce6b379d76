@NullMarked
package io.dtm.xa;

import org.jspecify.annotations.NullMarked;
