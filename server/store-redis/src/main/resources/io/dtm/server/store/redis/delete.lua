-- Deletes a finished transaction with every trace of it, if it is still finished with that end:
-- deleted | gone (somebody was faster) | stale (the member belongs to nothing any more).
-- KEYS: transaction, index by time, all, list of its status. ARGV: timed member, place.
local head = redis.call('HMGET', KEYS[1], 'c', 'x')
if head[2] and head[2] ~= ARGV[1] then
  redis.call('ZREM', KEYS[2], ARGV[1])
  if head[1] ~= ARGV[2] then
    redis.call('ZREM', KEYS[3], ARGV[2])
    redis.call('ZREM', KEYS[4], ARGV[2])
  end
  return {'stale'}
end
local removed = redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[2])
redis.call('ZREM', KEYS[4], ARGV[2])
redis.call('DEL', KEYS[1])
if removed == 1 then
  return {'deleted'}
end
return {'gone'}
