package io.dtm.server.api;

import io.dtm.protocol.Messages;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which route answers which method and path. Filled once, then only read. */
final class RouteTable {
  private static final String GET = "GET";
  private static final String POST = "POST";
  private static final String DELETE = "DELETE";

  private final Map<String, Map<String, Route>> byPath = new HashMap<>();
  private final Map<String, Map<String, Route>> byFolder = new HashMap<>();
  private final Map<String, Route> anyMethod = new HashMap<>();

  RouteTable get(String path, Route route) {
    return add(GET, path, route);
  }

  RouteTable post(String path, Route route) {
    return add(POST, path, route);
  }

  RouteTable any(String path, Route route) {
    anyMethod.put(path, route);
    return this;
  }

  /** For all paths that have one name behind {@code folder} and a slash. */
  RouteTable deleteIn(String folder, Route route) {
    byFolder.computeIfAbsent(folder, f -> new HashMap<>()).put(DELETE, route);
    return this;
  }

  private RouteTable add(String method, String path, Route route) {
    byPath.computeIfAbsent(path, p -> new HashMap<>()).put(method, route);
    return this;
  }

  /**
   * The route for a request, in the worst case one that answers 404: also for a known path with
   * another method, as clients expect. With a slash too many it answers with a redirection.
   */
  Route find(String method, String path, String rawQuery) {
    var route = known(method, path);
    if (route != null) {
      return route;
    }
    if (path.length() > 1 && path.endsWith("/")) {
      var target = path.substring(0, path.length() - 1);
      if (known(method, target) != null) {
        return request -> redirection(method, target, rawQuery);
      }
    }
    return request -> Reply.text(404, Messages.PAGE_NOT_FOUND);
  }

  private @Nullable Route known(String method, String path) {
    var methods = byPath.getOrDefault(path, inFolder(path));
    return methods == null ? anyMethod.get(path) : methods.get(method);
  }

  private @Nullable Map<String, Route> inFolder(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 || slash == path.length() - 1 ? null : byFolder.get(path.substring(0, slash));
  }

  private static Reply redirection(String method, String target, String rawQuery) {
    // 307 makes the client repeat the method and body, which 301 does not promise
    int status = method.equals(GET) ? 301 : 307;
    var location = rawQuery.isEmpty() ? target : target + "?" + rawQuery;
    return Reply.text(status, "").withHeader("Location", location);
  }
}
