-- Sets the value whatever the lock says.
-- key; value, milliseconds to live.
redis.call('HSET', KEYS[1], 'value', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
