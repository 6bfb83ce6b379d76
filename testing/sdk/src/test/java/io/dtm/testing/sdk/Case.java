package io.dtm.testing.sdk;

/** What has to be seen of each mode, on each way. */
enum Case {
  /** All of it takes effect. */
  SUCCESS,
  /** A participant refuses, and none of it does. */
  ROLLBACK,
  /** An answer is unclear or "not yet", and the same is asked again: doing as well as undoing. */
  RETRY,
  /** Whoever began falls silent: the sender of a message is asked, others are turned back. */
  CHECK_BACK,
  /** A participant begins something of its own as part of what it was asked. */
  NESTED
}
