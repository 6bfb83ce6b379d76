@NullMarked
package io.dtm.server.branch.grpc;

import org.jspecify.annotations.NullMarked;
