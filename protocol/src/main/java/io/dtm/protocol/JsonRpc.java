package io.dtm.protocol;

/** Words, codes and texts of JSON-RPC 2.0, as the server and participants speak it. */
public final class JsonRpc {
  public static final String VERSION = "2.0";

  /** Name of the member that says {@link #VERSION}. */
  public static final String JSONRPC = "jsonrpc";

  public static final String ID = Keys.ID;
  public static final String METHOD = "method";
  public static final String PARAMS = "params";
  public static final String RESULT = Keys.RESULT;
  public static final String ERROR = "error";
  public static final String CODE = "code";
  public static final String MESSAGE = Keys.MESSAGE;

  public static final String NEW_GID = "newGid";
  public static final String PREPARE = "prepare";
  public static final String SUBMIT = "submit";
  public static final String ABORT = "abort";
  public static final String REGISTER_BRANCH = "registerBranch";

  public static final int PARSE_ERROR = -32700;
  public static final int INVALID_REQUEST = -32600;
  public static final int METHOD_NOT_FOUND = -32601;
  public static final int INVALID_PARAMS = -32602;
  public static final int INTERNAL_ERROR = -32603;

  /** {@link Results#FAILURE}, in both directions. */
  public static final int FAILURE = -32901;

  /** {@link Results#ONGOING}, in both directions. */
  public static final int ONGOING = -32902;

  /** Arguments: what is wrong. */
  public static final String CANNOT_PARSE = "Parse json error: %s";

  /** Arguments: what is wrong. */
  public static final String BAD_REQUEST = "Bad json request: %s";

  /** Arguments: method. */
  public static final String UNKNOWN_METHOD = "Method not found: %s";

  private JsonRpc() {}
}
