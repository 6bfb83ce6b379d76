@NullMarked
package io.dtm.server.api.grpc;

import org.jspecify.annotations.NullMarked;
