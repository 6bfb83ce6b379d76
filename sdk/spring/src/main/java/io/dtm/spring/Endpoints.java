package io.dtm.spring;

import java.util.Arrays;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Registers endpoints that are made as the application starts. */
final class Endpoints {
  /** The name of the one method that handlers have. */
  private static final String HANDLE = "handle";

  private Endpoints() {}

  /** For both methods: managers call with {@code GET} where there is no payload. */
  static void register(RequestMappingHandlerMapping mapping, String path, Object handler) {
    var info =
        RequestMappingInfo.paths(path)
            .methods(RequestMethod.POST, RequestMethod.GET)
            .options(mapping.getBuilderConfiguration())
            .build();
    var handle =
        Arrays.stream(handler.getClass().getDeclaredMethods())
            .filter(method -> method.getName().equals(HANDLE))
            .findFirst()
            .orElseThrow();
    mapping.registerMapping(info, handler, handle);
  }
}
