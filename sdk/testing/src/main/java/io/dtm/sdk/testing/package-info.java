/**
 * Tests of services that take part in transactions: the real server in the test's JVM, with time
 * that the test moves ({@link io.dtm.sdk.testing.TransactionServer}, for JUnit {@link
 * io.dtm.sdk.testing.WithTransactionServer}), faults at the calls that the test names ({@link
 * io.dtm.sdk.testing.Fault}), and the search for a schedule of faults that breaks what must always
 * hold ({@link io.dtm.sdk.testing.TransactionExplorer}).
 */
@NullMarked
package io.dtm.sdk.testing;

import org.jspecify.annotations.NullMarked;
