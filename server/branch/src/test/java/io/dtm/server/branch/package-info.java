@NullMarked
package io.dtm.server.branch;

import org.jspecify.annotations.NullMarked;
