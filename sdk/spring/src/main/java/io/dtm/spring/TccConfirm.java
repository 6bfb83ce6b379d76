package io.dtm.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Has the reservation of a {@link TccTry} take effect. Must not refuse; the manager repeats it
 * until it has succeeded.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface TccConfirm {
  /** The name of the step. */
  String value();
}
