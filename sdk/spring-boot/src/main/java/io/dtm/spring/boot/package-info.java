/**
 * What both starters for Spring Boot have in common: properties, beans, meters. It knows only what
 * Spring Boot 3 and 4 have in the same place.
 */
@NullMarked
package io.dtm.spring.boot;

import org.jspecify.annotations.NullMarked;
