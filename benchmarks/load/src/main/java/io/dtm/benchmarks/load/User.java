package io.dtm.benchmarks.load;

/** A client that carries out one flow at a time. */
interface User {

  /**
   * Begins a flow and returns at once. The end is told exactly once, by a thread of the user's own
   * that must not be held up.
   *
   * @param gid new for each flow
   */
  void begin(String gid, FlowEnd end);

  /** How a flow ended. */
  interface FlowEnd {
    /** Every request was answered as it should be. */
    void succeeded();

    /**
     * One was not, and the rest was left out.
     *
     * @param why for people
     */
    void failed(String why);
  }
}
