-- Removes a key for which there is no value, unless the lock was lost meanwhile.
-- key; owner.
if redis.call('HGET', KEYS[1], 'lockOwner') ~= ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
