package io.dtm.benchmarks.load;

/**
 * One request of a client within a flow.
 *
 * @param branch the branch that it is about; empty where it is about the whole transaction
 */
record FlowStep(Kind kind, String branch) {
  static final FlowStep PREPARE = new FlowStep(Kind.PREPARE, "");
  static final FlowStep SUBMIT = new FlowStep(Kind.SUBMIT, "");

  /** What is asked, and of whom: the try of the participant, the rest of the server. */
  enum Kind {
    PREPARE,
    REGISTER,
    TRY,
    SUBMIT
  }

  static FlowStep register(String branch) {
    return new FlowStep(Kind.REGISTER, branch);
  }

  static FlowStep tryOf(String branch) {
    return new FlowStep(Kind.TRY, branch);
  }
}
