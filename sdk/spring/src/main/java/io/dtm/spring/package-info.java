/**
 * Distributed transactions for services that are built with the Spring Framework, of version 6.2 or
 * 7. An interface says what a participant does ({@link io.dtm.spring.Participant}); who implements
 * it gets the endpoints ({@link io.dtm.spring.ParticipantEndpoints}), who calls it writes method
 * calls in place of addresses ({@link io.dtm.spring.Participants}), and {@link
 * io.dtm.spring.BarrierTransactional} keeps each effect from happening twice. Knows nothing of
 * Spring Boot; its starters declare the beans.
 */
@NullMarked
package io.dtm.spring;

import org.jspecify.annotations.NullMarked;
