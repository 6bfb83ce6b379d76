package io.dtm.server.store.kit;

import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;

/**
 * The words under which enum constants are stored, for whoever looks into the database. They are
 * part of the layout: never changed, whatever becomes of the constants' names.
 */
public final class Words {
  private Words() {}

  public static String of(TransactionStatus status) {
    return switch (status) {
      case PREPARED -> "prepared";
      case SUBMITTED -> "submitted";
      case ABORTING -> "aborting";
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed";
    };
  }

  public static String of(TransactionMode mode) {
    return switch (mode) {
      case SAGA -> "saga";
      case TCC -> "tcc";
      case XA -> "xa";
      case MESSAGE -> "message";
      case WORKFLOW -> "workflow";
    };
  }
}
