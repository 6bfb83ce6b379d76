package io.dtm.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A service that takes part in global transactions, told by its methods: best an interface, which
 * the service implements and its callers share.
 *
 * <pre>{@code
 * @Participant("stock")
 * public interface Stock {
 *   @SagaAction
 *   void deduct(Order order);
 *
 *   @Compensate("deduct")
 *   void restore(Order order);
 * }
 * }</pre>
 *
 * <p>A bean of it is called at {@code /stock/deduct/action} and {@code /stock/deduct/compensate};
 * nobody has to write that down, see {@link Participants}. Annotated methods have one parameter at
 * most, which is the payload, and beside it one {@link io.dtm.client.BranchRequest} if they like.
 * Not a stereotype: the bean is declared as any other.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Participant {
  /** Its name, with which the paths of its endpoints begin: letters, digits, {@code . _ -}. */
  String value();

  /**
   * The service in which it runs: what {@link ServiceAddresses} is asked for. Default: its name.
   */
  String service() default "";
}
