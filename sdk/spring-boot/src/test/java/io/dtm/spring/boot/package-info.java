@NullMarked
package io.dtm.spring.boot;

import org.jspecify.annotations.NullMarked;
