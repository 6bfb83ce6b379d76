package io.dtm.client;

import org.jspecify.annotations.Nullable;

/**
 * A command could not be carried out. The three kinds differ in what the caller can do about it.
 */
public abstract sealed class TransactionException extends RuntimeException
    permits TransactionManagerUnavailable, TransactionRefused, TransactionUnknown {
  private static final long serialVersionUID = 1L;

  TransactionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
