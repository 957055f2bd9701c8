// The Lua scripts of the Redis engine. A script runs alone and, as all of its checks come before its first write,
// wholly or not at all. All keys of a call belong to one partition (append: to one node).
//
// `flags=allow-oom` lets a script run above `maxmemory`: what an alarm needs is stored even then, and only the
// append of entries that may be shed has no such flag. That is the reserve for urgent.
//
// A client may send any of them twice (a reply that was cut off, docs/decisions/0013): append stores its entries
// again and the fold drops them by (run, batch); commit answers `already`; the others end where they did before.

/** Clocks that are corrected step back by a little all the time; that ends no lease. */
const CLOCK_SLACK_MS = 1_000
/** Nobody answers a roll for longer than this. */
const ANSWERS_AT_MOST_MS = 60_000

/**
 * Appends entries; `appendAny` is refused with OOM above maxmemory.
 *
 *   KEYS  byte counts × P, then the log of each entry
 *   ARGV  P, share (bytes that a bounded lane of a partition may hold),
 *         then per entry: index of its byte counts (1…P), lane, kept (0 | 1), data
 *   reply bytes of the fullest lane, then the indexes of shed entries from 0
 */
const APPEND = `
local partitions, share = tonumber(ARGV[1]), tonumber(ARGV[2])
local counts, changed = {}, {}
for p, text in ipairs(redis.call('MGET', unpack(KEYS, 1, partitions))) do
  local motionIn, motionOut, routineIn, routineOut = string.match(text or '0 0 0 0', '(%d+) (%d+) (%d+) (%d+)')
  counts[p] = {
    motion = { tonumber(motionIn), tonumber(motionOut) },
    routine = { tonumber(routineIn), tonumber(routineOut) },
  }
end
local shed = {}
for i = 0, #KEYS - partitions - 1 do
  local at = 3 + i * 4
  local log, lane, data = KEYS[partitions + 1 + i], ARGV[at + 1], ARGV[at + 3]
  if lane == 'urgent' then
    redis.call('XADD', log, '*', 'd', data)
  else
    local p = tonumber(ARGV[at])
    local count = counts[p][lane]
    if ARGV[at + 2] == '0' and count[1] - count[2] + #data > share then
      shed[#shed + 1] = i
    else
      redis.call('XADD', log, '*', 'd', data, 'c', string.format('%.0f', count[1]))
      count[1] = count[1] + #data
      changed[p] = true
    end
  end
end
local fullest, write = 0, {}
for p = 1, partitions do
  local motion, routine = counts[p].motion, counts[p].routine
  fullest = math.max(fullest, motion[1] - motion[2], routine[1] - routine[2])
  if changed[p] then
    write[#write + 1] = KEYS[p]
    write[#write + 1] = string.format('%.0f %.0f %.0f %.0f', motion[1], motion[2], routine[1], routine[2])
  end
end
if #write > 0 then redis.call('MSET', unpack(write)) end
return { fullest, unpack(shed) }
`

/** Stores findings, cursor and state of a fold together.
 *
 *   KEYS  lease, fold, out log, state
 *   ARGV  fence, expected, cursor, checkpoint (empty: no state), F, S, finding × F, (key, value) × S, deleted key …
 *   reply committed | already | fenced | moved
 */
const COMMIT = `
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 'fenced' end
local fold = redis.call('HMGET', KEYS[2], 'cursor', 'checkpoint')
local hasState = ARGV[4] ~= ''
if (fold[1] or '0') ~= ARGV[2] then
  local isHere = fold[1] == ARGV[3] and (not hasState or (fold[2] or '0') == ARGV[4])
  return isHere and 'already' or 'moved'
end
local findings, sets = tonumber(ARGV[5]), tonumber(ARGV[6])
for i = 7, 6 + findings do redis.call('XADD', KEYS[3], '*', 'd', ARGV[i]) end
redis.call('HSET', KEYS[2], 'cursor', ARGV[3])
if hasState then
  -- In slices, because Lua's stack takes about 8,000 values.
  local function inSlices(command, from, to)
    for i = from, to, 1000 do redis.call(command, KEYS[4], unpack(ARGV, i, math.min(i + 999, to))) end
  end
  local set = 7 + findings
  local deleted = set + 2 * sets
  inSlices('HDEL', deleted, #ARGV)
  inSlices('HSET', set, deleted - 1)
  redis.call('HSET', KEYS[2], 'checkpoint', ARGV[4])
end
return 'committed'
`

/**
 * Who holds a lease now, on Redis' clock. One that ends later than it could if it began now is of a clock that was
 * ahead: whoever is there renews it in a moment, and whoever is not must not hold it until that clock's time has come.
 */
const HELD = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 'owner', 'until', 'ttl', 'fence')
local leftMs = (tonumber(held[2] or 0)) - now
local isHeld = held[1] and leftMs > 0 and leftMs <= tonumber(held[3] or 0) + ${CLOCK_SLACK_MS}
`

/** Takes, keeps or gives up a lease on Redis' clock.
 *
 *   KEYS  lease       ARGV  owner, ttlMs (0: give up)       reply fence | nil
 */
const LEASE = `${HELD}
local fence, ttl = tonumber(held[4] or 0), tonumber(ARGV[2])
if held[1] == ARGV[1] then
  if ttl == 0 then
    redis.call('HDEL', KEYS[1], 'owner', 'until', 'ttl')
    return false
  end
elseif ttl == 0 or isHeld then
  return false
else
  fence = fence + 1
end
local ends = string.format('%.0f', now + ttl)
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'until', ends, 'ttl', ttl, 'fence', fence)
return fence
`

/** KEYS  lease       reply owner | nil (nobody holds it now) */
const OWNER = `${HELD}
return isHeld and held[1]
`

/**
 * KEYS  roll       ARGV  member, ttlMs (0: leaves)       reply members who are there
 *
 * Whoever is there for longer than anybody answers for is so by a clock that was ahead, as with leases.
 */
const ROLL_CALL = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[2] == '0' then redis.call('ZREM', KEYS[1], ARGV[1])
else redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[2]), ARGV[1]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
redis.call('ZREMRANGEBYSCORE', KEYS[1], string.format('(%.0f', now + ${ANSWERS_AT_MOST_MS}), '+inf')
return redis.call('ZRANGE', KEYS[1], 0, -1)
`

/** Moves a reader, then deletes a slice of what neither a reader nor the checkpoint needs.
 *
 *   KEYS  log, readers, fold, byte counts
 *   ARGV  side (in | out), lane, slice, then nothing | 'upTo', reader, position | 'removed', reader
 *   reply 1 when there is more to delete
 *
 * A slice goes by whole nodes of the stream (\`~\` with LIMIT, constant work); the last node, at most
 * stream-node-max-entries, is then cut exactly. What a bounded log still holds is read off its first entry.
 */
const TRIM = `
local function less(a, b)
  local aMs, aSeq = string.match(a, '^(%d+)%-?(%d*)$')
  local bMs, bSeq = string.match(b, '^(%d+)%-?(%d*)$')
  aMs, bMs = tonumber(aMs), tonumber(bMs)
  if aMs ~= bMs then return aMs < bMs end
  return (tonumber(aSeq) or 0) < (tonumber(bSeq) or 0)
end
if ARGV[4] == 'removed' then redis.call('HDEL', KEYS[2], ARGV[5])
elseif ARGV[4] == 'upTo' then
  local known = redis.call('HGET', KEYS[2], ARGV[5])
  if not known or less(known, ARGV[6]) then redis.call('HSET', KEYS[2], ARGV[5], ARGV[6]) end
end
local upTo = ARGV[1] == 'in' and (redis.call('HGET', KEYS[3], 'checkpoint') or '0')
for _, position in ipairs(redis.call('HVALS', KEYS[2])) do
  if not upTo or less(position, upTo) then upTo = position end
end
if not upTo or not less('0', upTo) then return 0 end

local ms, seq = string.match(upTo, '^(%d+)%-?(%d*)$')
local keepFrom = ms .. '-' .. string.format('%.0f', (tonumber(seq) or 0) + 1)
local slice = tonumber(ARGV[3])
local deleted = redis.call('XTRIM', KEYS[1], 'MINID', '~', keepFrom, 'LIMIT', slice)
local isLeft = deleted * 2 > slice
if not isLeft then deleted = deleted + redis.call('XTRIM', KEYS[1], 'MINID', '=', keepFrom) end
if deleted > 0 and ARGV[1] == 'in' and ARGV[2] ~= 'urgent' then
  local count = {}
  for number in string.gmatch(redis.call('GET', KEYS[4]) or '0 0 0 0', '%d+') do count[#count + 1] = number end
  local from = ARGV[2] == 'motion' and 1 or 3
  local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  count[from + 1] = first and first[2][4] or count[from]
  redis.call('SET', KEYS[4], table.concat(count, ' '))
end
return isLeft and 1 or 0
`

/** Makes the data at the first start. KEYS  meta     ARGV  partitions, epoch     reply those that are stored */
const OPEN = `
redis.call('HSETNX', KEYS[1], 'partitions', ARGV[1])
redis.call('HSETNX', KEYS[1], 'epoch', ARGV[2])
return redis.call('HMGET', KEYS[1], 'partitions', 'epoch')
`

/** Makes a partition's data at its first start. KEYS  life     ARGV  life     reply the one that is stored */
const LIVE = `
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
`

/** Each script as it is sent. */
export const SCRIPTS = {
  appendAny: `#!lua${APPEND}`,
  appendAlways: `#!lua flags=allow-oom${APPEND}`,
  commit: `#!lua flags=allow-oom${COMMIT}`,
  lease: `#!lua flags=allow-oom${LEASE}`,
  owner: `#!lua flags=no-writes${OWNER}`,
  rollCall: `#!lua flags=allow-oom${ROLL_CALL}`,
  trim: `#!lua flags=allow-oom${TRIM}`,
  open: `#!lua flags=allow-oom${OPEN}`,
  live: `#!lua flags=allow-oom${LIVE}`,
} as const

export type ScriptName = keyof typeof SCRIPTS
