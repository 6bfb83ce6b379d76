-- wrk: one request as a branch is called with, and nothing else.
local headers = { ["Content-Type"] = "application/json" }

function request()
  return wrk.format("POST", "/debit?branch_id=01&gid=bench&op=action&trans_type=saga", headers, '{"amount":30}')
end

function done(summary, latency, requests)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %.0f %.3f %.3f %.1f %d %d\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    latency.max / 1000, summary.requests, bad))
end
