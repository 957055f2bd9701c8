// The daily "I'm well" did not come. What is remembered is the next day on which it is missing, and from when: a tick
// compares one number.

import { type EpochMs, epochMs } from '../../model/units.ts'
import { type Bits, storedUnlessNull } from '../bits.ts'
import type { Context, Input, Raised, Rule, Step } from '../rule.ts'
import { dayOf, instantOf, minutesOf } from './wall-clock.ts'

/** The hub's own choice: a press in the last second is still on its way. */
export const ON_ITS_WAY_MS = 60_000

/** The hub's own choice: after a gap of the hub devices come back, and send what they kept, within this time. */
export const BACK_WITHIN_MS = 30 * 60_000

const DAY_MS = 24 * 3_600_000
/** By so much a wall clock is put forward or back. */
const CLOCK_CHANGE_MS = 3_600_000

/** `day` is the local date, in days since 1970; at `due` it is too late. */
type Expected = { due: EpochMs; day: number }

export const checkIn: Rule<Expected | null> = {
  name: 'check_in',
  version: 2,
  older: [{ name: 'check_in', version: 1, migrate: stored => stored as Expected }],
  storedAs: storedUnlessNull(layout),
  ticks: true,
  start: () => null,
  step(kept, input, context) {
    const expected = kept === null || isAhead(kept, input.now, context) ? null : kept
    switch (input.type) {
      case 'tick':
        if (expected === null) return kept === null ? undefined : begin(input.now, context)
        return onTick(expected, input, context)
      case 'context':
        return onContext(expected, input.now, context)
      case 'event':
        return input.event.kind === 'check_in' ? onCheckIn(expected, input, context) : undefined
      default:
        // What a device is heard of is also when a rule that is new to the hub begins.
        return expected === null && context.checkInBy !== null ? begin(input.now, context) : undefined
    }
  },
}

function layout(bits: Bits, its: Expected | undefined): Expected {
  const day = bits.count(its?.day ?? 0, 15)
  const midnight = day * DAY_MS
  return { due: epochMs(midnight + bits.whole((its?.due ?? 0) - midnight, 26)), day }
}

/**
 * Nobody can say today that they are well the day after tomorrow: the day comes from a clock of the hub that was set
 * back since, and would leave out all days until then. The desk knows what was given today.
 */
function isAhead({ due }: Expected, now: EpochMs, { checkInBy }: Context): boolean {
  const waitMs = due - now
  if (waitMs <= DAY_MS) return false // as nearly always
  return waitMs > DAY_MS + minutesOf(checkInBy ?? '24:00') * 60_000 + ON_ITS_WAY_MS + CLOCK_CHANGE_MS
}

function onTick(
  expected: Expected,
  { now, gapMs = 0 }: Extract<Input, { type: 'tick' }>,
  context: Context,
): Step<Expected | null> | undefined {
  if (gapMs > 0 && expected.due > now - gapMs) {
    const due = epochMs(Math.max(expected.due, now + Math.min(gapMs, BACK_WITHIN_MS)))
    if (due > expected.due) return { state: { ...expected, due } }
  }
  if (now < expected.due) return undefined
  if (context.checkInBy === null) return { state: null }
  const state = nextAfter(expected.day, now, context)
  // Silenced for this day; the next one is looked at anew.
  if (context.awayUntil !== null && context.awayUntil > expected.due) return { state }
  return { state, findings: [missed(expected, now, context)] }
}

/** Today's is given by what was said today, also before it was due; one that comes later is for the operator. */
function onCheckIn(
  expected: Expected | null,
  { at, lateMs, now }: Extract<Input, { type: 'event' }>,
  context: Context,
): Step<Expected | null> | undefined {
  if (context.checkInBy === null) return expected === null ? undefined : { state: null }
  // Pressed just before midnight with a clock that is a little ahead, it is still today's.
  const day = dayOf(context.timeZone, epochMs(Math.min(at, now)))
  const given: Raised = {
    kind: 'missed_check_in',
    severity: 'notice',
    at,
    lateMs,
    evidence: { day: dateOf(day) },
    ended: true,
  }
  if (expected !== null && day < expected.day) return { findings: [given] }
  return { state: nextAfter(day, now, context), findings: [given] }
}

/** A day that was given or told stays so; everything else goes by what the registry says now. */
function onContext(
  expected: Expected | null,
  now: EpochMs,
  context: Context,
): Step<Expected | null> | undefined {
  if (context.checkInBy === null) return expected === null ? undefined : { state: null }
  if (expected === null) return begin(now, context)
  if (expected.due <= now) return undefined // the next tick tells it
  const today = dayOf(context.timeZone, now)
  const state = expected.day > today ? nextAfter(today, now, context) : nextAfter(today - 1, now, context)
  // What is still open today stays open: neither an earlier time nor an edit of something else takes it away.
  if (expected.day <= today && state.day > expected.day) return undefined
  return state.due === expected.due && state.day === expected.day ? undefined : { state }
}

const begin = (now: EpochMs, context: Context): Step<Expected> => ({
  state: nextAfter(dayOf(context.timeZone, now) - 1, now, context),
})

/** The first day after `day` whose check-in can still be given. */
function nextAfter(day: number, now: EpochMs, { timeZone, checkInBy }: Context): Expected {
  const minutes = minutesOf(checkInBy ?? '24:00')
  for (let next = Math.max(day + 1, dayOf(timeZone, now)); ; next++) {
    const due = epochMs(instantOf(timeZone, next, minutes) + ON_ITS_WAY_MS)
    if (due > now) return { due, day: next }
  }
}

const missed = ({ day }: Expected, now: EpochMs, { checkInBy, timeZone }: Context): Raised => ({
  kind: 'missed_check_in',
  severity: 'high',
  at: now,
  lateMs: 0,
  evidence: { day: dateOf(day), by: checkInBy, timeZone },
})

/** `2026-11-21` */
const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)
