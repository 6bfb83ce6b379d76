package io.dtm.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Does a step of a saga. Takes effect at once, and is undone by the {@link Compensate} of the same
 * step if the saga turns back.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface SagaAction {
  /** The name of the step. Default: that of the method. */
  String value() default "";

  /** Whether there is something to undo; if so, a {@link Compensate} must be there too. */
  boolean compensated() default true;
}
