/** What is Spring Boot 3's alone: health, and the builders of HTTP clients. */
@NullMarked
package io.dtm.spring.boot3;

import org.jspecify.annotations.NullMarked;
