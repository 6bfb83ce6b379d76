@NullMarked
package io.dtm.server.topics;

import org.jspecify.annotations.NullMarked;
