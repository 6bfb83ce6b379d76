/**
 * What every store must do, as tests: a store's whole test is a subclass of {@link
 * io.dtm.testing.store.testkit.TransactionStoreContract} and, where it keeps settings too, one of
 * {@link io.dtm.testing.store.testkit.KeyValueStoreContract}. Comes with a clock to set and a
 * builder of transactions.
 */
@NullMarked
package io.dtm.testing.store.testkit;

import org.jspecify.annotations.NullMarked;
