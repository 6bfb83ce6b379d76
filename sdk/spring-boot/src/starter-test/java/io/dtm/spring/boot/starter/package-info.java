/** What every starter has to pass. */
@NullMarked
package io.dtm.spring.boot.starter;

import org.jspecify.annotations.NullMarked;
