@NullMarked
package io.dtm.barrier;

import org.jspecify.annotations.NullMarked;
