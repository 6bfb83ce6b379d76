package io.dtm.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Does a step of a two-phase message, whose sender has committed already. Cannot refuse; the
 * manager repeats it until it has succeeded. May stand beside {@link SagaAction}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface MessageAction {
  /** The name of the step. Default: that of the method. */
  String value() default "";
}
