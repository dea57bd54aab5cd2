-- Tells the epoch, the clock, how each tag stands, for how long the entry will stay, and the entry, all of one instant.
-- KEYS[4…] the tags, then the entry · ARGV[2] life of a generation in seconds · ARGV[3] the epoch under which the asker
-- holds a copy of the entry, or nothing · ARGV[4…] per tag a new generation, and the one under which the copy is held
-- A copy that is held under what is true now is not sent again: there are no bytes in its place.
local answer = {epoch, string.format('%.0f', clock)}
local holds = ARGV[3] == epoch
for i = 4, #KEYS - 1 do
  local value = redis.call('GET', KEYS[i])
  if not value then
    value = ARGV[2 * i - 4]
    redis.call('SET', KEYS[i], value, 'EX', ARGV[2])
  end
  holds = holds and value == ARGV[2 * i - 3]
  answer[#answer + 1] = value
end
local left = redis.call('PTTL', KEYS[#KEYS])
answer[#answer + 1] = left
answer[#answer + 1] = holds and left ~= -2 and '' or redis.call('GET', KEYS[#KEYS])
return answer
