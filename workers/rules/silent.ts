// The device is not heard of for twice the interval at which it reports: its own, set or learned. It ends by itself
// when it is heard again.
//
// A device that is heard often is noted down seldom: `at` is moved on only when it is an eighth of the limit old,
// and the limit is that eighth longer. The state of most samples stays as it is, and nobody is told too early.

import { type EpochMs, epochMs } from '../../model/units.ts'
import { type Bits, storedUnlessNull } from '../bits.ts'
import type { Context, Input, Raised, Rule, Step } from '../rule.ts'

/** As agreed for every device: silent is what misses two of its reports. */
export const MISSED_INTERVALS = 2

/** The hub's own choice: a restart, a lift or a cellar takes less, and says nothing of the elder. */
export const SILENT_AT_LEAST_MS = 10 * 60_000

/** The hub's own choice: for somebody whom nobody sees, a morning without word is too long. */
export const HIGH_AFTER_MS = 4 * 3_600_000

/** Until it has shown its own: bracelets report every few minutes up to half an hour. */
export const FIRST_INTERVAL_MS = 30 * 60_000

/** A device that reports more rarely than once a day has to be given its interval. */
export const LEARNED_AT_MOST_MS = 24 * 3_600_000

/**
 * A longer gap moves what is learned up to 1.5 times, a shorter one down by a 32nd: it settles where one gap in
 * fourteen is longer, so that a device with a slow mode is not silent in it, and one bad night changes little.
 */
const LONGER = 1.5
const SHORTER = 31 / 32

/** Shorter intervals make no difference. */
const LEARNED_AT_LEAST_MS = SILENT_AT_LEAST_MS / MISSED_INTERVALS
const NOTED_PER_LIMIT = 8

/** Last heard at about `at`; it reports about every `ms`; what has been told of its silence. */
type Silence = { at: EpochMs; ms: number; told?: 'notice' | 'high' }

export const silent: Rule<Silence | null> = {
  name: 'silent',
  version: 2,
  older: [{ name: 'silent', version: 1, migrate: stored => stored as Silence }],
  storedAs: storedUnlessNull(layout),
  ticks: true,
  start: () => null,
  step(silence, input, context) {
    if (input.type === 'tick') return silence === null ? undefined : onTick(silence, input, context)
    if (input.type === 'context') return silence === null ? undefined : onContext(silence, input.now, context)
    return onHeard(silence, input.now, context)
  },
}

function layout(bits: Bits, its: Silence | undefined): Silence {
  const at = epochMs(bits.count(its?.at ?? 0, 41))
  const ms = bits.count(its?.ms ?? 0, 20)
  const told = TOLD[bits.bits(TOLD.indexOf(its?.told), 2)]
  return told === undefined ? { at, ms } : { at, ms, told }
}

const TOLD = [undefined, 'notice', 'high'] as const

function onHeard(silence: Silence | null, now: EpochMs, context: Context): Step<Silence | null> | undefined {
  if (silence === null) return { state: { at: now, ms: FIRST_INTERVAL_MS } }
  const { at, ms, told } = silence
  const gapMs = now - at
  if (told === undefined && gapMs >= 0 && gapMs * NOTED_PER_LIMIT < limitMs(silence, context))
    return undefined
  const state = { at: now, ms: gapMs > 0 ? learned(ms, gapMs) : ms }
  if (told === undefined) return { state }
  return { state, findings: [endedOf(now, { silentForMs: gapMs })] }
}

function onTick(
  silence: Silence,
  { now, gapMs = 0 }: Extract<Input, { type: 'tick' }>,
  context: Context,
): Step<Silence | null> | undefined {
  const moved = gapMs > 0 || now < silence.at ? moveBy(silence, now, gapMs) : silence
  return tell(moved, now, context) ?? (moved === silence ? undefined : { state: moved })
}

/** Time in which the hub heard nobody is no silence of theirs; nor does a clock that was set back make one. */
function moveBy(silence: Silence, now: EpochMs, gapMs: number): Silence {
  const at = epochMs(Math.min(now, silence.at + gapMs))
  return at === silence.at ? silence : { ...silence, at }
}

function tell(silence: Silence, now: EpochMs, context: Context): Step<Silence> | undefined {
  if (silence.told === 'high' || (silence.told === 'notice' && !context.livesAlone)) return undefined
  const silentForMs = now - sinceOf(silence, context)
  const noticeAfterMs = (limitMs(silence, context) * (NOTED_PER_LIMIT + 1)) / NOTED_PER_LIMIT
  if (silentForMs <= noticeAfterMs) return undefined
  const findings: Raised[] = []
  if (silence.told === undefined) findings.push(findingOf('notice', silence, { now, silentForMs, context }))
  const isHigh = context.livesAlone && silentForMs >= HIGH_AFTER_MS
  if (isHigh) findings.push(findingOf('high', silence, { now, silentForMs, context }))
  if (findings.length === 0) return undefined
  return { state: { ...silence, told: isHigh ? 'high' : 'notice' }, findings }
}

/** An elder who is away now is not missed any more, and a device that left the registry is no one's. */
function onContext(silence: Silence, now: EpochMs, context: Context): Step<Silence | null> | undefined {
  const { told, ...rest } = silence
  const because = context.areaId === null ? 'not_registered' : isAway(context, now) ? 'away' : undefined
  if (because === undefined || (told === undefined && because === 'away')) return undefined
  const state = because === 'away' ? rest : null
  const ended = endedOf(now, { silentForMs: now - silence.at, because })
  return told === undefined ? { state } : { state, findings: [ended] }
}

const isAway = ({ awayUntil }: Context, now: EpochMs): boolean => awayUntil !== null && awayUntil > now

/** Away mode ends by itself: from then on the device has as long as ever. */
const sinceOf = ({ at }: Silence, { awayUntil }: Context): number =>
  awayUntil !== null && awayUntil > at ? awayUntil : at

const limitMs = ({ ms }: Silence, { intervalMs }: Context): number =>
  Math.max(SILENT_AT_LEAST_MS, MISSED_INTERVALS * (intervalMs ?? ms))

function learned(ms: number, gapMs: number): number {
  const next = gapMs > ms ? Math.min(gapMs, ms * LONGER) : Math.max(gapMs, ms * SHORTER)
  return Math.round(Math.min(Math.max(next, LEARNED_AT_LEAST_MS), LEARNED_AT_MOST_MS))
}

type Told = { now: EpochMs; silentForMs: number; context: Context }

const findingOf = (
  severity: 'notice' | 'high',
  silence: Silence,
  { now, silentForMs, context }: Told,
): Raised => ({
  kind: 'silent',
  severity,
  at: now,
  lateMs: 0,
  evidence: {
    silentForMs,
    lastHeardAt: silence.at,
    intervalMs: context.intervalMs ?? silence.ms,
    intervalIs: context.intervalMs === null ? 'learned' : 'set',
    limitMs: severity === 'high' ? HIGH_AFTER_MS : limitMs(silence, context),
    livesAlone: context.livesAlone,
  },
})

const endedOf = (now: EpochMs, evidence: Record<string, unknown>): Raised => ({
  kind: 'silent',
  severity: 'notice',
  at: now,
  lateMs: 0,
  evidence,
  ended: true,
})
