package io.dtm.spring;

import io.dtm.client.BranchRequest;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A controller whose addresses are written by hand. */
@RestController
class OrdinaryController {
  private final JdbcTemplate jdbc;

  OrdinaryController(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  // page: begin
  @PostMapping("/return")
  @BarrierTransactional
  public Map<String, String> takeBack(@RequestBody Order order, BranchRequest branch) {
    jdbc.update("UPDATE stock SET n = n + ? WHERE item = ?", order.count(), order.item());
    return Map.of("gid", branch.gid());
  }
  // page: end
}
