-- Deletes a setting if its version is the expected one: applied | conflict.
-- KEYS: setting, names of all. ARGV: version, name.
if redis.call('HGET', KEYS[1], 'v') ~= ARGV[1] then
  return {'conflict'}
end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[2])
return {'applied'}
