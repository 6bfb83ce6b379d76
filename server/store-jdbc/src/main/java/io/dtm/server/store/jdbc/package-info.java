/**
 * A store on an SQL database that many nodes share: MySQL and its kin, PostgreSQL and its kin, SQL
 * Server. One row for each transaction; a batch of writes is one database transaction of a few
 * statements.
 */
@NullMarked
package io.dtm.server.store.jdbc;

import org.jspecify.annotations.NullMarked;
