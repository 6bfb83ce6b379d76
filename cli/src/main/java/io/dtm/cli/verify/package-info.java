/**
 * Calls a running participant as no manager should have to, but as every manager may: twice, too
 * late, out of order, many times at once; and tells which rule of taking part it breaks.
 */
@NullMarked
package io.dtm.cli.verify;

import org.jspecify.annotations.NullMarked;
