@NullMarked
package io.dtm.server.store.jdbc;

import org.jspecify.annotations.NullMarked;
