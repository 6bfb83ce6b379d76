package io.dtm.server.api;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Bodies of saga requests. */
final class SagaBody {
  private SagaBody() {}

  static String saga(String gid, int steps) {
    return saga(gid, steps, "");
  }

  static String waitedSaga(String gid, int steps) {
    return saga(gid, steps, ",\"wait_result\":true");
  }

  static String saga(String gid, int steps, String more) {
    var stepList =
        IntStream.rangeClosed(1, steps)
            .mapToObj(
                "{\"action\":\"http://s/act%1$d\",\"compensate\":\"http://s/undo%1$d\"}"::formatted)
            .collect(Collectors.joining(","));
    var payloads =
        IntStream.rangeClosed(1, steps)
            .mapToObj("\"{\\\"step\\\":%d}\""::formatted)
            .collect(Collectors.joining(","));
    return "{\"gid\":\"%s\",\"trans_type\":\"saga\",\"steps\":[%s],\"payloads\":[%s]%s}"
        .formatted(gid, stepList, payloads, more);
  }
}
