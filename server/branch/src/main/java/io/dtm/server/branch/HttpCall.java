package io.dtm.server.branch;

import io.dtm.server.core.Payload;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * One HTTP request.
 *
 * @param headers override what the client sends by itself
 * @param payload sent with {@code POST}; an empty one goes out as an empty chunked body
 * @param timeout for everything, from the look-up of the host to the last byte of the answer
 * @param mayBegin asked right before the first byte is sent
 */
record HttpCall(
    Method method,
    URI uri,
    Map<String, String> headers,
    Payload payload,
    Duration timeout,
    BooleanSupplier mayBegin) {
  enum Method {
    GET,
    POST
  }
}
