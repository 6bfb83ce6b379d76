package io.dtm.barrier;

final class H2BarrierTest extends BarrierContract {
  H2BarrierTest() {
    super(TestDatabase.H2);
  }
}
