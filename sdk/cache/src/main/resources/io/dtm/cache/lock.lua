-- Locks a key for an update, over the head of whoever loads it.
-- key; owner, the time that stands for updates, milliseconds until the lock ends by itself.
-- Answers {'LOCKED', owner} or {'', the other owner}.
local lockUntil, owner = unpack(redis.call('HMGET', KEYS[1], 'lockUntil', 'lockOwner'))
if lockUntil and tonumber(lockUntil) >= tonumber(ARGV[2]) and owner ~= ARGV[1] then
  return {'', owner or ''}
end
redis.call('HSET', KEYS[1], 'lockUntil', ARGV[2], 'lockOwner', ARGV[1])
-- The key's own end could come before that of the update, and take the lock with it.
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {'LOCKED', ARGV[1]}
