package io.dtm.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives back the reservation of a {@link TccTry}, also when that has never arrived. Must not
 * refuse; the manager repeats it until it has succeeded.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface TccCancel {
  /** The name of the step. */
  String value();
}
