package io.dtm.spring;

import io.dtm.client.BranchRequest;
import io.dtm.client.Payload;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.server.ResponseStatusException;

/** Calls a method of a participant with what a manager sent. */
final class BranchInvocation {
  private static final int BODY_BYTES_MAX = 16 * 1024 * 1024;
  private static final HttpStatusCode BODY_TOO_LARGE = HttpStatusCode.valueOf(413);

  private final Object bean;
  private final BranchMethod branchMethod;
  private final Method method;
  private final JsonPayloads payloads;

  BranchInvocation(Object bean, BranchMethod branchMethod, JsonPayloads payloads) {
    this.bean = bean;
    this.branchMethod = branchMethod;
    this.method = AopUtils.selectInvocableMethod(branchMethod.method(), bean.getClass());
    this.payloads = payloads;
    method.trySetAccessible();
  }

  /**
   * What is asked for.
   *
   * @throws NotABranchCall when it is something else than this method does, or not a manager's call
   */
  BranchRequest request(HttpServletRequest http) {
    var request = CurrentBranch.read(http);
    if (!branchMethod.operation().serves(request.operation())) {
      throw new NotABranchCall(
          "op: '%s' (expected: %s, at this address)"
              .formatted(request.operation(), branchMethod.operation().expected()));
    }
    return request;
  }

  /** What the method was called with, read; null when it takes none. */
  @Nullable Object payload(HttpServletRequest http) throws IOException {
    var type = branchMethod.payloadType();
    return type.isEmpty() ? null : payloads.read(body(http), type.get());
  }

  /**
   * @throws Exception what the method throws
   */
  @Nullable Object call(BranchRequest request, @Nullable Object payload) throws Exception {
    try {
      return method.invoke(bean, branchMethod.arguments(payload, request));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  /** 200, with what the method returned. */
  ResponseEntity<byte[]> answer(@Nullable Object result) {
    var answer = ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON);
    return result == null
        ? answer.build()
        : answer.body(payloads.write(result, method.getGenericReturnType()).bytes());
  }

  /**
   * What was sent.
   *
   * @throws ResponseStatusException with 413 when it is too large
   */
  static Payload body(HttpServletRequest http) throws IOException {
    var bytes = http.getInputStream().readNBytes(BODY_BYTES_MAX + 1);
    if (bytes.length > BODY_BYTES_MAX) {
      throw new ResponseStatusException(
          BODY_TOO_LARGE,
          "body: more than %d bytes (expected: that at most)".formatted(BODY_BYTES_MAX));
    }
    return Payload.of(bytes);
  }
}
