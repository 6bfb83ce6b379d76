-- Takes the right to load a key, when the value is missing or tagged as deleted and nobody else has it.
-- key; owner, seconds for the lock, seconds until an abandoned lock leaves.
-- Answers {value, 'LOCKED'} to who may load, else {value, lockUntil}.
local value, lockUntil, owner = unpack(redis.call('HMGET', KEYS[1], 'value', 'lockUntil', 'lockOwner'))
-- The server's clock, so that those of its clients may differ.
local now = tonumber(redis.call('TIME')[1])
local free
if lockUntil then
  -- One's own lock is seen when a request was sent twice.
  free = tonumber(lockUntil) < now or owner == ARGV[1]
else
  free = not value
end
if not free then
  return {value, lockUntil}
end
redis.call('HSET', KEYS[1], 'lockUntil', string.format('%.0f', now + tonumber(ARGV[2])), 'lockOwner', ARGV[1])
if not value then
  -- Nothing stays for ever of a loader that died. An old value keeps its own end.
  redis.call('EXPIRE', KEYS[1], ARGV[3])
end
return {value, 'LOCKED'}
