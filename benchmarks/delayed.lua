-- wrk: one message for each request, all due at one time. Arguments: the participant's base URL, the time in seconds since 1970, a prefix of gids.
local base, due, prefix, count = nil, 0, "", 0
local headers = { ["Content-Type"] = "application/json" }

function init(args)
  base, due, prefix = args[1], tonumber(args[2]), args[3]
end

function request()
  count = count + 1
  local body = string.format(
    '{"gid":"%s%d","trans_type":"msg","steps":[{"action":"%s/sent"}],"payloads":["{\\"amount\\":30}"],"custom_data":"{\\"delay\\":%d}"}',
    prefix, count, base, math.max(1, due - os.time()))
  return wrk.format("POST", "/api/dtmsvr/submit", headers, body)
end

function done(summary, latency, requests)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %d %d\n", summary.requests, bad))
end
