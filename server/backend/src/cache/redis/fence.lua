-- Adds a fence to one tag.
-- KEYS[1] the tag · ARGV[1] token · ARGV[2] life in ms
-- A fenced tag is the text "fenced <token>@<end> <token>@<end> …", with ends in ms of this server's own clock, so that
-- no other clock matters. The key goes with the last end: then the tag has no generation, and all below it is a miss.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = now + ARGV[2]
local fences = string.format('fenced %s@%.0f', ARGV[1], last)
for token, ends in string.gmatch(redis.call('GET', KEYS[1]) or '', '(%x+)@(%d+)') do
  ends = tonumber(ends)
  if ends > now and token ~= ARGV[1] then
    fences = fences .. string.format(' %s@%.0f', token, ends)
    last = math.max(last, ends)
  end
end
redis.call('SET', KEYS[1], fences, 'PX', string.format('%.0f', last - now))
return 1
