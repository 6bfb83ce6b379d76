@NullMarked
package io.dtm.spring;

import org.jspecify.annotations.NullMarked;
