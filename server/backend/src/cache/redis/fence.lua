-- Adds a fence to each tag.
-- KEYS[4…] the tags · ARGV[2] token · ARGV[3] life in ms
-- A fenced tag is the text "fenced <token>@<end> <token>@<end> …", with ends in ms of this server's own clock, so that
-- no other clock matters. The key goes with the last end: then the tag has no generation, and all below it is a miss.
-- A fence that was under way for so long that its write is released already comes too late to be of use: see release.lua.
if redis.call('EXISTS', KEYS[1] .. ':lifted:' .. ARGV[2]) == 1 then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 4, #KEYS do
  local last = now + ARGV[3]
  local fences = string.format('fenced %s@%.0f', ARGV[2], last)
  for token, ends in string.gmatch(redis.call('GET', KEYS[i]) or '', '(%x+)@(%d+)') do
    ends = tonumber(ends)
    if ends > now and token ~= ARGV[2] then
      fences = fences .. string.format(' %s@%.0f', token, ends)
      last = math.max(last, ends)
    end
  end
  redis.call('SET', KEYS[i], fences, 'PX', string.format('%.0f', last - now))
end
return 1
