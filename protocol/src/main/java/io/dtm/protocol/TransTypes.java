package io.dtm.protocol;

/** The kinds of global transaction, as in {@link Keys#TRANS_TYPE}. */
public final class TransTypes {
  public static final String SAGA = "saga";
  public static final String TCC = "tcc";
  public static final String XA = "xa";
  public static final String MSG = "msg";
  public static final String WORKFLOW = "workflow";

  private TransTypes() {}
}
