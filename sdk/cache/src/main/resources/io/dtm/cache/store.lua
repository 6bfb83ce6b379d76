-- Keeps what was loaded, unless the lock was lost meanwhile: then something newer may be known.
-- key; owner, value, milliseconds to live.
if redis.call('HGET', KEYS[1], 'lockOwner') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'value', ARGV[2])
redis.call('HDEL', KEYS[1], 'lockUntil', 'lockOwner')
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
