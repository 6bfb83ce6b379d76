/**
 * A bank with Spring Boot: it keeps accounts, takes part in transactions, and starts them, in every
 * mode. The same sources are built with Spring Boot 4 and, in {@code examples/spring-boot-3}, with
 * Spring Boot 3.
 */
@NullMarked
package io.dtm.examples.springboot;

import org.jspecify.annotations.NullMarked;
