@NullMarked
package io.dtm.barrier.redis;

import org.jspecify.annotations.NullMarked;
