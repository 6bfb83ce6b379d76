package io.dtm.sdk.testing;

/** Decides what befalls a call. Asked once for each, by one thread at a time. */
interface FaultScript {
  Fault faultFor(CallIdentity call, CallPoint point);

  static FaultScript none() {
    return (call, point) -> Fault.NONE;
  }
}
