-- Adds a transaction, unless its gid is taken: applied | conflict and the fields of the stored one;
-- an empty field where the key is in use for something else.
-- KEYS: transaction, index by time, all, list of its status.
-- ARGV: version, place, timed member, definition, progress, milliseconds to live (0: for ever).
if redis.call('EXISTS', KEYS[1]) == 1 then
  local stored = redis.pcall('HGETALL', KEYS[1])
  if stored.err then
    if string.sub(stored.err, 1, 9) == 'WRONGTYPE' then
      return {'conflict', ''}
    end
    return stored
  end
  table.insert(stored, 1, 'conflict')
  return stored
end
redis.call('HSET', KEYS[1], 'v', ARGV[1], 'c', ARGV[2], 'x', ARGV[3], 'd', ARGV[4], 'p', ARGV[5])
redis.call('ZADD', KEYS[2], 0, ARGV[3])
redis.call('ZADD', KEYS[3], 0, ARGV[2])
redis.call('ZADD', KEYS[4], 0, ARGV[2])
if ARGV[6] ~= '0' then
  redis.call('PEXPIRE', KEYS[1], ARGV[6])
end
return {'applied'}
