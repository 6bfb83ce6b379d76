/** What is Spring Boot 4's alone: health, and the builders of HTTP clients. */
@NullMarked
package io.dtm.spring.boot4;

import org.jspecify.annotations.NullMarked;
