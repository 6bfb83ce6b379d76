package io.dtm.server.api;

/** Answers the requests of one path and method. */
@FunctionalInterface
interface Route {

  /**
   * Answers one request.
   *
   * @throws InvalidRequest when the request is at fault
   */
  Reply answer(EdgeRequest request);
}
