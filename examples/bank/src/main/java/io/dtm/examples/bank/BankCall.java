package io.dtm.examples.bank;

import java.time.Instant;

/**
 * One call that the bank has answered.
 *
 * @param name what was called, such as {@code TransOut}
 * @param status of the answer, as in HTTP
 * @param answer its text
 */
public record BankCall(
    Instant receivedAt, String name, BranchCall branch, int status, String answer) {}
