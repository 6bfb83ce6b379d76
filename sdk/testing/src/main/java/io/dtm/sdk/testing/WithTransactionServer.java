package io.dtm.sdk.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class, or one test, a {@link TransactionServer}. Tests ask for it by
 * parameter: for the {@code TransactionServer} itself, for the {@link
 * io.dtm.client.TransactionClient} that speaks with it, for the {@link java.time.InstantSource}
 * that tells its time.
 *
 * <p>Each test has a server of its own, which is closed after it, unless the constructor or a
 * {@code @BeforeAll} method asks for one: that one is for all tests of the class. For JUnit 5.8 and
 * newer, and JUnit 6.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(TransactionServerExtension.class)
public @interface WithTransactionServer {}
