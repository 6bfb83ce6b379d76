/**
 * A store on MongoDB, or on any server that speaks its protocol: one document for each transaction,
 * changed by writes that are atomic for one document. Transactions of the database are not needed.
 */
@NullMarked
package io.dtm.server.store.mongo;

import org.jspecify.annotations.NullMarked;
