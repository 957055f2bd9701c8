// After a fall that the detector saw: an elder who does not get up. The fall itself is found in another lane; the
// owner of the partition notes it here, and the samples that follow say whether anybody moves.

import { type EpochMs, epochMs } from '../../model/units.ts'
import { greatCircleM } from '../geometry/earth.ts'
import { type Input, type Raised, type Rule, STALE_MS, type Step } from '../rule.ts'
import { shortHash } from '../short-hash.ts'
import { packedFallStillness, plainFallStillness } from './fall-stillness.older.ts'
import { fallStillnessStored } from './fall-stillness.stored.ts'
import { fixOf, isCoarse } from './fix.ts'
import { fixFrom, type KeptFix, keep } from './kept-fix.ts'

/** By the device's own clock, between two samples: one alone proves nothing. */
export const STILL_MS = 60_000
/** After this long a still hand has other reasons. */
export const WATCH_MS = 10 * 60_000
/** A note may be written twice, by an owner who was killed and by the next; within a day it is the same fall. */
const KNOWN_MS = 24 * 3_600_000
/** An owner writes again what it had not committed, which of one device is a fall or two. */
export const KNOWN_FALLS = 3

/** A fall that is being watched; `rest` is the sample from which on nothing has moved. */
type Watch = { fallId: string; fallAt: EpochMs; noted: EpochMs; rest: Rest | null }
type Rest = { at: EpochMs; steps: number; fix: KeptFix | null }

export type FallStillnessState = {
  watch: Watch | null
  /** The last falls that were noted within a day (short-hash.ts). */
  known: readonly (readonly [fall: number, now: EpochMs])[]
}

type State = FallStillnessState

type SampleInput = Extract<Input, { type: 'sample' }>

export const fallStillness: Rule<State> = {
  name: 'fall_stillness',
  version: 3,
  older: [packedFallStillness, plainFallStillness],
  storedAs: fallStillnessStored,
  ticks: true,
  start: () => NO_FALL,
  step(state, input) {
    if (input.type === 'fall') return onFall(state, input)
    if (input.type === 'tick') return onTick(state, input.now)
    const { watch } = state
    if (watch === null) return undefined
    if (input.type === 'sample') return onSample(state, watch, input)
    return input.type === 'event' && input.event.kind === 'removed' && input.at >= watch.fallAt
      ? { state: { ...state, watch: null } }
      : undefined
  },
}

const NO_FALL: State = { watch: null, known: [] }

/** A newer fall takes the place of an older one: it is the one to get up from. */
function onFall(
  { known }: State,
  { fallId, at, now }: Extract<Input, { type: 'fall' }>,
): Step<State> | undefined {
  const fall = shortHash(fallId)
  if (known.some(([one]) => one === fall)) return undefined
  const watch: Watch = { fallId, fallAt: epochMs(Math.round(at)), noted: now, rest: null }
  return { state: { watch, known: [...known.slice(1 - KNOWN_FALLS), [fall, now]] } }
}

function onTick({ watch, known }: State, now: EpochMs): Step<State> | undefined {
  const isOver = watch !== null && now - watch.noted >= WATCH_MS
  const recent = known.filter(([, noted]) => now - noted < KNOWN_MS)
  if (!isOver && recent.length === known.length) return undefined
  const next = isOver ? null : watch
  return { state: next === null && recent.length === 0 ? null : { watch: next, known: recent } }
}

function onSample(state: State, watch: Watch, input: SampleInput): Step<State> | undefined {
  const { sample, at, lateMs } = input
  if (at < watch.fallAt) return undefined
  if (sample.worn === false) return { state: { ...state, watch: null } }
  const { steps } = sample
  // A device that counts no steps cannot say that its wearer lies still.
  if (steps === undefined) return undefined
  const fix = sample.loc && fixOf(sample.loc, at)
  const here: Rest = { at, steps, fix: fix ? keep(fix) : null }
  const { rest } = watch
  // Fewer steps than before: the count began anew, and from here on it can be compared.
  if (rest === null || steps < rest.steps) return { state: { ...state, watch: { ...watch, rest: here } } }
  if (at <= rest.at) return undefined
  if (hasMoved(rest, here)) return { state: { ...state, watch: null } }
  const stillForMs = at - rest.at
  if (stillForMs < STILL_MS || lateMs > STALE_MS) return undefined
  return { state: { ...state, watch: null }, findings: [findingOf(watch, input, stillForMs)] }
}

/** Steps were taken, or the place is another one, errors granted. */
function hasMoved(from: Rest, to: Rest): boolean {
  if (to.steps > from.steps) return true
  if (from.fix === null || to.fix === null) return false
  const [before, now] = [fixFrom(from.fix), fixFrom(to.fix)]
  if (isCoarse(before) || isCoarse(now)) return false
  return greatCircleM(before, now) > 2 * (before.accuracyM + now.accuracyM)
}

const findingOf = ({ fallId, fallAt }: Watch, { at, lateMs }: SampleInput, stillForMs: number): Raised => ({
  kind: 'fall',
  severity: 'critical',
  at,
  lateMs,
  evidence: { source: 'stillness', stillForMs, limitMs: STILL_MS, sinceFallMs: at - fallAt, of: fallId },
})
