package io.dtm.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.dtm.workflow.Workflows;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Has managers resume the workflows of this application, at {@link #PATH}, which is to be their
 * {@code resumeAt}. Needs {@code dtm-sdk-workflow}.
 */
public final class WorkflowEndpoint implements SmartInitializingSingleton {
  /** Where, below the application's base URL. */
  public static final String PATH = "/dtm/workflows";

  private final RequestMappingHandlerMapping mapping;
  private final Workflows workflows;

  public WorkflowEndpoint(RequestMappingHandlerMapping mapping, Workflows workflows) {
    this.mapping = requireNonNull(mapping, "mapping");
    this.workflows = requireNonNull(workflows, "workflows");
  }

  @Override
  public void afterSingletonsInstantiated() {
    Endpoints.register(mapping, PATH, new Resume(workflows));
  }

  /** Apart, so that the bean offers no method that looks like a handler. */
  private static final class Resume {
    private final Workflows workflows;

    private Resume(Workflows workflows) {
      this.workflows = workflows;
    }

    @SuppressWarnings("unused") // Spring calls it.
    ResponseEntity<byte[]> handle(HttpServletRequest http) throws IOException {
      var reply = workflows.resume(http.getQueryString(), BranchInvocation.body(http).bytes());
      return ResponseEntity.status(reply.status())
          .contentType(MediaType.parseMediaType(reply.contentType()))
          .body(reply.body().getBytes(UTF_8));
    }
  }
}
