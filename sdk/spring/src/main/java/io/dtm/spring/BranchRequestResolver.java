package io.dtm.spring;

import io.dtm.client.BranchRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Lets controllers have a {@link BranchRequest} as parameter: that of the current request. Throws
 * {@link NotABranchCall} when there is none.
 */
public final class BranchRequestResolver implements HandlerMethodArgumentResolver {
  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return BranchMethod.isRequest(parameter.getParameterType());
  }

  @Override
  public BranchRequest resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binders) {
    return CurrentBranch.require();
  }
}
