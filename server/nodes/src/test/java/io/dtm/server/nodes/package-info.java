@NullMarked
package io.dtm.server.nodes;

import org.jspecify.annotations.NullMarked;
