-- Tells the epoch, the clock, how each tag stands, and the entry, all of one instant.
-- KEYS[4…] the tags, then the entry · ARGV[2] life of a generation in seconds · ARGV[3…] a new generation per tag
local answer = {epoch, string.format('%.0f', clock)}
for i = 4, #KEYS - 1 do
  local value = redis.call('GET', KEYS[i])
  if not value then
    value = ARGV[i - 1]
    redis.call('SET', KEYS[i], value, 'EX', ARGV[2])
  end
  answer[#answer + 1] = value
end
answer[#answer + 1] = redis.call('GET', KEYS[#KEYS])
return answer
