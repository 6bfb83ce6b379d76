-- Ends the lock of an update. When it was lost, what was loaded meanwhile may be old: it is tagged as deleted then,
-- unless another update has the lock, whose end will do that.
-- key; owner, the time that stands for updates, milliseconds for an old value with the lock, and without it.
local lockUntil, owner = unpack(redis.call('HMGET', KEYS[1], 'lockUntil', 'lockOwner'))
local mine = owner == ARGV[1]
if not mine and lockUntil and tonumber(lockUntil) >= tonumber(ARGV[2]) then
  return 0
end
redis.call('HSET', KEYS[1], 'lockUntil', 0)
redis.call('HDEL', KEYS[1], 'lockOwner')
local live = mine and ARGV[3] or ARGV[4]
local left = redis.call('PTTL', KEYS[1])
if left < 0 or left > tonumber(live) then
  redis.call('PEXPIRE', KEYS[1], live)
end
return mine and 1 or 0
