-- All writes up to a position are done: so somebody found who has read the log.
-- ARGV[2] the position
clock = math.max(clock, tonumber(ARGV[2]))
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('%.0f', clock))
