-- Removes what the indexes still have of a transaction that is gone: forgotten | gone.
-- KEYS: transaction, index by due time, all, list of each status. ARGV: timed member, place.
local count = 0
if redis.call('EXISTS', KEYS[1]) == 0 then
  count = redis.call('ZREM', KEYS[2], ARGV[1])
  for i = 3, #KEYS do
    count = count + redis.call('ZREM', KEYS[i], ARGV[2])
  end
end
if count > 0 then
  return {'forgotten'}
end
return {'gone'}
