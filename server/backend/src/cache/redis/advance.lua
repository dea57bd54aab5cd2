-- Moves the clock forward, never back, and tells where it stands.
-- KEYS[1] the clock · ARGV[1] position in the log
local stands = tonumber(redis.call('GET', KEYS[1]) or '0')
local wanted = tonumber(ARGV[1])
if wanted > stands then
  redis.call('SET', KEYS[1], ARGV[1])
  return wanted
end
return stands
