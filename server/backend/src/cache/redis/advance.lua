-- Moves the clock over every write that is done, without a gap, and tells where it stands.
while redis.call('ZREM', KEYS[3], string.format('%.0f', clock + 1)) == 1 do
  clock = clock + 1
end
redis.call('SET', KEYS[2], string.format('%.0f', clock))
return {epoch, string.format('%.0f', clock)}
