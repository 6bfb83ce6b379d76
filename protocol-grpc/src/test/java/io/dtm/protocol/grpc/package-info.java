@NullMarked
package io.dtm.protocol.grpc;

import org.jspecify.annotations.NullMarked;
