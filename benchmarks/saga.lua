-- wrk: one waited saga of two steps for each request. Arguments: the participant's base URL, or "none" for steps without address.
local base, prefix, count, thread_number = nil, nil, 0, 0
local headers = { ["Content-Type"] = "application/json" }

function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

function init(args)
  base = args[1] or "none"
  prefix = string.format("bench-%s-%d-%d-%d-", wrk.port, os.time(), number, math.floor(os.clock() * 1e6))
end

local function step(name)
  if base == "none" then
    return '{"action":"","compensate":""}'
  end
  return string.format('{"action":"%s/%s","compensate":"%s/un%s"}', base, name, base, name)
end

function request()
  count = count + 1
  local body = string.format(
    '{"gid":"%s%d","trans_type":"saga","wait_result":true,"steps":[%s,%s],"payloads":["{\\"amount\\":30}","{\\"amount\\":30}"]}',
    prefix, count, step("debit"), step("credit"))
  return wrk.format("POST", "/api/dtmsvr/submit", headers, body)
end

function done(summary, latency, requests)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %.0f %.2f %.2f %.1f %d %d\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    latency.max / 1000, summary.requests, bad))
end
