package io.dtm.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Reserves what a step of a TCC transaction needs. What it returns, its caller gets. Its step must
 * have a {@link TccConfirm} and a {@link TccCancel} too.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface TccTry {
  /** The name of the step. Default: that of the method. */
  String value() default "";
}
