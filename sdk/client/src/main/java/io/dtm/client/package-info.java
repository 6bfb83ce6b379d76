/**
 * The client library: {@link io.dtm.client.TransactionClient} starts global transactions, asks how
 * they stand and steps in. Everything a transaction manager may answer is a value ({@link
 * io.dtm.client.TransactionResult}, {@link io.dtm.client.TransactionState}); exceptions are for
 * what kept it from answering ({@link io.dtm.client.TransactionException}).
 */
@NullMarked
package io.dtm.client;

import org.jspecify.annotations.NullMarked;
