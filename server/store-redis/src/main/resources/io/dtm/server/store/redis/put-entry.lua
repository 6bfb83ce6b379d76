-- Writes a setting if its version is the expected one: applied | conflict.
-- KEYS: setting, names of all.
-- ARGV: version before (0: not there), version after, value, time, name, category, key.
local head = redis.call('HMGET', KEYS[1], 'v', 'c')
if (head[1] or '0') ~= ARGV[1] then
  return {'conflict'}
end
redis.call('HSET', KEYS[1], 'v', ARGV[2], 'd', ARGV[3], 'c', head[2] or ARGV[4], 'u', ARGV[4],
  'g', ARGV[6], 'k', ARGV[7])
redis.call('ZADD', KEYS[2], 0, ARGV[5])
return {'applied'}
