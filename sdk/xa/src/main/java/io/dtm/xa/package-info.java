/**
 * The participant's side of XA transactions, on MySQL, MariaDB and PostgreSQL: {@link
 * io.dtm.xa.XaParticipant} prepares, commits and rolls back branches, {@link io.dtm.xa.XaSweeper}
 * ends those that were forgotten. Branches bear the names that the Go client gives them, so either
 * can end what the other has prepared.
 */
@NullMarked
package io.dtm.xa;

import org.jspecify.annotations.NullMarked;
