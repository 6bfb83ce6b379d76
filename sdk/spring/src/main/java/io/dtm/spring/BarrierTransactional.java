package io.dtm.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Carries out a call of a transaction manager once, however often it comes, in one transaction with
 * the mark that says so. Stands at methods that serve such a call, of participants as of ordinary
 * controllers; at a class, for all of its public methods.
 *
 * <p>Joins the transaction that is open, or begins one. A call that was carried out before, that
 * has nothing to undo or comes too late ({@link io.dtm.barrier.BarrierOutcome}) does not reach the
 * method, which seems to return null, zero or false: success, to the manager. Whatever the method
 * throws, be it checked, rolls back its work and the mark, so that the call may be repeated.
 *
 * <p>Throws {@link NotABranchCall} where no manager calls. Several guarded methods of one request
 * are told apart by their order, which must be the same in each repetition, and in what undoes as
 * in what it undoes. Not for methods that return before their work is over, as a {@code
 * CompletableFuture} or a {@code Mono} does.
 */
@Documented
@Inherited
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface BarrierTransactional {
  /** The name of the {@link BarrierDatabase} bean. Default: the only one, or the primary one. */
  String value() default "";
}
