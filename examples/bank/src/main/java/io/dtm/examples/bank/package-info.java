/**
 * A participant to try things out with: a bank of two accounts, in a database in memory, over HTTP.
 * Shows what a service has to do to take part in a saga: answer in the words of the protocol, and
 * bear being called twice, late, or in the wrong order.
 */
@NullMarked
package io.dtm.examples.bank;

import org.jspecify.annotations.NullMarked;
