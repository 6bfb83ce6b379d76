@NullMarked
package io.dtm.testing.simulation;

import org.jspecify.annotations.NullMarked;
