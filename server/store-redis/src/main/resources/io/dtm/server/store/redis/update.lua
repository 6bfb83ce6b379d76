-- Writes what changes, unless another life or version of the transaction is stored:
-- applied | missing | conflict and the fields of the stored one; an empty field where the key is in
-- use for something else.
-- KEYS: transaction, index by time before and after, list of its status before and after.
-- ARGV: version before, place, version after, timed member, progress, milliseconds to live
-- (0: for ever), definition (empty: stays), name of a field, branches for that field (empty: none).
local head = redis.pcall('HMGET', KEYS[1], 'v', 'c', 'x')
if head.err then
  if string.sub(head.err, 1, 9) == 'WRONGTYPE' then
    return {'conflict', ''}
  end
  return head
end
if not head[1] then
  return {'missing'}
end
if head[1] ~= ARGV[1] or head[2] ~= ARGV[2] then
  local stored = redis.call('HGETALL', KEYS[1])
  table.insert(stored, 1, 'conflict')
  return stored
end
redis.call('HSET', KEYS[1], 'v', ARGV[3], 'x', ARGV[4], 'p', ARGV[5])
if ARGV[7] ~= '' then
  -- A new definition has all branches, those included that were appended to the old one.
  for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
    if string.sub(field, 1, 1) == 'a' then
      redis.call('HDEL', KEYS[1], field)
    end
  end
  redis.call('HSET', KEYS[1], 'd', ARGV[7])
end
if ARGV[9] ~= '' then
  redis.call('HSET', KEYS[1], ARGV[8], ARGV[9])
end
if head[3] ~= ARGV[4] then
  redis.call('ZREM', KEYS[2], head[3])
  redis.call('ZADD', KEYS[3], 0, ARGV[4])
end
if KEYS[4] ~= KEYS[5] then
  redis.call('ZREM', KEYS[4], ARGV[2])
  redis.call('ZADD', KEYS[5], 0, ARGV[2])
end
if ARGV[6] ~= '0' then
  redis.call('PEXPIRE', KEYS[1], ARGV[6])
end
return {'applied'}
