@NullMarked
package io.dtm.barrier.mongo;

import org.jspecify.annotations.NullMarked;
