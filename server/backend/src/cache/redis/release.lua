-- Takes one fence from each tag; a tag without another gets a new generation, whatever it was before. Then notes that the
-- write at this position is done. Repeated, it changes nothing.
-- KEYS[4…] the tags · ARGV[2] token · ARGV[3] position in the log, 0 after a rollback
-- ARGV[4] life of a generation in seconds · ARGV[5…] a new generation per tag
local seq = tonumber(ARGV[3])
if seq > 0 and (seq <= clock or redis.call('ZSCORE', KEYS[3], ARGV[3])) then
  return {epoch, string.format('%.0f', clock)}
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local found = false
for i = 4, #KEYS do
  local last = now
  local fences = ''
  for token, ends in string.gmatch(redis.call('GET', KEYS[i]) or '', '(%x+)@(%d+)') do
    ends = tonumber(ends)
    found = found or token == ARGV[2]
    if ends > now and token ~= ARGV[2] then
      fences = fences .. string.format(' %s@%.0f', token, ends)
      last = math.max(last, ends)
    end
  end
  if fences == '' then
    redis.call('SET', KEYS[i], ARGV[i + 1], 'EX', ARGV[4])
  else
    redis.call('SET', KEYS[i], 'fenced' .. fences, 'PX', string.format('%.0f', last - now))
  end
end
if seq > 0 then
  redis.call('ZADD', KEYS[3], ARGV[3], ARGV[3])
  -- The fence of a committed write is nowhere: perhaps it is still under way, and nobody would lift it any more. So it is
  -- remembered for a minute that it is not wanted. The name begins like another key, and so is in its slot.
  if not found then
    redis.call('SET', KEYS[1] .. ':lifted:' .. ARGV[2], '', 'EX', 60)
  end
end
