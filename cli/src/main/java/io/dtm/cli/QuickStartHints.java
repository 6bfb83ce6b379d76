package io.dtm.cli;

/**
 * What to try once the demonstration is over: commands to copy, each of which works as it stands.
 */
final class QuickStartHints {
  private QuickStartHints() {}

  /** A saga of the reader's own, by hand. */
  static String submit(String api, String gid, String bankUrl) {
    return """
    curl %s/submit -d '{
      "gid": "%s", "trans_type": "saga", "wait_result": true,
      "steps": [
        {"action": "%3$s/TransOut",
         "compensate": "%3$s/TransOutCompensate"},
        {"action": "%3$s/TransIn",
         "compensate": "%3$s/TransInCompensate"}],
      "payloads": ["{\\"amount\\":30}", "{\\"amount\\":30}"]}'
    """
        .formatted(api, gid, bankUrl);
  }

  static String query(String api, String gid) {
    return "curl '%s/query?gid=%s'".formatted(api, gid);
  }

  static String list(String api) {
    return "curl '%s/all?limit=10'".formatted(api);
  }

  static String accounts(String bankUrl) {
    return "curl %s/accounts".formatted(bankUrl);
  }
}
