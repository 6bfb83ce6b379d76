package io.dtm.benchmarks.load;

import java.util.List;

/** All clients of one server, with the connections they have. */
interface Users extends AutoCloseable {
  List<User> all();

  @Override
  void close();
}
