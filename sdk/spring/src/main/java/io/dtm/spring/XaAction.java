package io.dtm.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Does the work of an XA branch. The connection of the {@link XaTransactions} is that of the branch
 * meanwhile, for {@code JdbcTemplate} and whatever else asks Spring for one; commit and rollback
 * are not for the method. Needs no barrier.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface XaAction {
  /** The name of the step. Default: that of the method. */
  String value() default "";
}
