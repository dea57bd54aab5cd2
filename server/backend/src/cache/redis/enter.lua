-- What every command begins with: is this still the Redis that drew its epoch?
-- KEYS[1] epoch · KEYS[2] clock · KEYS[3] writes that are done · ARGV[1] a new epoch
-- An epoch is the text "<epoch> <master_replid>". The id is drawn by Redis itself, anew at each start and at each
-- promotion of a replica. So data that outlived its Redis, as a file or as a replica, is known for an old copy by the
-- first command that meets it: a new epoch begins, in which no entry counts.
local info = redis.call('INFO', 'replication')
if not string.find(info, 'role:master', 1, true) then
  return redis.error_reply('READONLY this Redis is a replica')
end
local run = string.match(info, 'master_replid:(%x+)')
local epoch = redis.call('GET', KEYS[1])
if not epoch or string.sub(epoch, 10) ~= run then
  epoch = ARGV[1] .. ' ' .. run
  redis.call('SET', KEYS[1], epoch)
  redis.call('DEL', KEYS[2], KEYS[3])
end
epoch = string.sub(epoch, 1, 8)
local clock = tonumber(redis.call('GET', KEYS[2]) or '0')
