-- Takes one fence from one tag; a tag without another gets a new generation, whatever it was before.
-- KEYS[1] the tag · ARGV[1] token · ARGV[2] new generation · ARGV[3] its life in seconds
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = now
local fences = ''
for token, ends in string.gmatch(redis.call('GET', KEYS[1]) or '', '(%x+)@(%d+)') do
  ends = tonumber(ends)
  if ends > now and token ~= ARGV[1] then
    fences = fences .. string.format(' %s@%.0f', token, ends)
    last = math.max(last, ends)
  end
end
if fences == '' then
  redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
else
  redis.call('SET', KEYS[1], 'fenced' .. fences, 'PX', string.format('%.0f', last - now))
end
return 1
