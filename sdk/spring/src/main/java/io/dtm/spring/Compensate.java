package io.dtm.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Undoes a step of a saga: what its {@link SagaAction} did, also when that has never arrived. Must
 * not refuse; the manager repeats it until it has succeeded.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Compensate {
  /** The name of the step. */
  String value();
}
