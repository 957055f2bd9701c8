// An elder who wears the device and does not move, in hours in which they are up: no steps, no way, the same pulse.
//
// It takes samples that say so, since silence is not stillness. The device must be worn, by its own word or because
// it reads a pulse; and it must count steps, or tell both where it is and how the heart beats: a position alone says
// nothing of somebody who walks about the house, nor does a quiet pulse of somebody who rests.
//
// Little is written down: a walker every five minutes, somebody who sits still as often. So an episode may begin up to
// five minutes after the last step, never before it.

import { type EpochMs, epochMs } from '../../model/units.ts'
import { type Bits, storedUnlessNull } from '../bits.ts'
import { AHEAD_MS, type Context, type Input, type Raised, type Rule, STALE_MS, type Step } from '../rule.ts'
import { type Fix, fixOf, isCoarse } from './fix.ts'
import { wakingMs } from './waking.ts'
import { wearerMark } from './wearer.ts'

/** The hub's own choice: longer than a film and a nap together, short enough for help within the same half day. */
export const STILL_FOR_MS = 3 * 3_600_000

/** The hub's own choice: between samples further apart anything may have happened. Hourly reports are enough. */
export const SAMPLES_WITHIN_MS = 90 * 60_000

/** As for an exit: errors of both fixes, twice. Anything less moves while lying on a table. */
export const MOVED_BY_ACCURACIES = 2

/** The hub's own choice: at rest a pulse from the wrist differs by less, getting up changes it by more. */
export const PULSE_CHANGE_BPM = 10

/** Below and above there is no pulse, as for vital signs. */
const PULSE_BPM = { from: 20, to: 250 }

const NOTED_EVERY_MS = 5 * 60_000

/** Still since `from`, `ms` later still so; with what it is measured against. */
type Rest = {
  from: EpochMs
  ms: number
  steps?: number
  /** Latitude and longitude to a metre, and the accuracy in metres. */
  place?: readonly [number, number, number]
  bpm?: number
  told?: true
  /** Whose rest it is, as `wearerMark` says; absent while nobody is known to wear the device. */
  w?: number
}

type SampleInput = Extract<Input, { type: 'sample' }>

export const noMovement: Rule<Rest | null> = {
  name: 'no_movement',
  version: 2,
  older: [{ name: 'no_movement', version: 1, migrate: stored => stored as Rest }],
  storedAs: storedUnlessNull(layout),
  ticks: false,
  start: () => null,
  step(rest, input, context) {
    if (input.type === 'context') return rest === null ? undefined : onContext(rest, input.now, context)
    if (input.type !== 'sample') return undefined
    return onSample(isAhead(rest, input.now) ? null : rest, input, context)
  },
}

/** Only what is known is there. */
function layout(bits: Bits, its: Rest | undefined): Rest {
  const rest: Rest = { from: epochMs(bits.count(its?.from ?? 0, 41)), ms: bits.count(its?.ms ?? 0, 20) }
  if (bits.flag(its?.steps !== undefined)) rest.steps = bits.count(its?.steps ?? 0, 14)
  if (bits.flag(its?.place !== undefined)) {
    const [lat, lon, accuracyM] = its?.place ?? [0, 0, 0]
    const places = [bits.whole(lat * PLACES, 23) / PLACES, bits.whole(lon * PLACES, 24) / PLACES] as const
    rest.place = [...places, bits.count(accuracyM, 5)]
  }
  if (bits.flag(its?.bpm !== undefined)) rest.bpm = bits.count(its?.bpm ?? 0, 7)
  if (bits.flag(its?.told === true)) rest.told = true
  if (bits.flag(its?.w !== undefined)) rest.w = bits.bits(its?.w ?? 0, 32)
  return rest
}

const isAhead = (rest: Rest | null, now: EpochMs): boolean =>
  rest !== null && rest.from + rest.ms - now > AHEAD_MS

/**
 * Another wearer's rest begins when they are given the device. What it kept of the one before them is older than
 * that, whenever it is sent.
 */
function onContext(rest: Rest, now: EpochMs, { residentId }: Context): Step<Rest | null> | undefined {
  const w = wearerMark(residentId)
  return w === (rest.w ?? NOBODY) ? undefined : { state: ofWearer({ from: now, ms: 0 }, w) }
}

const NOBODY = wearerMark(null)

const ofWearer = (rest: Rest, w: number): Rest => (w === NOBODY ? rest : { ...rest, w })

function onSample(rest: Rest | null, input: SampleInput, context: Context): Step<Rest | null> | undefined {
  const { sample, at } = input
  const { steps, worn } = sample
  if (worn === false) return rest === null ? undefined : { state: null }
  const bpm = pulseOf(input)
  const isWorn = worn === true || bpm !== undefined
  if (rest === null)
    return isWorn && isComparable(steps, bpm) ? { state: begin(at, { steps, bpm }, context) } : undefined
  const forMs = at - rest.from
  if (forMs < rest.ms) return undefined // older than what is known
  const isCut = forMs - rest.ms > SAMPLES_WITHIN_MS
  const isSoon = !isCut && forMs < NOTED_EVERY_MS && rest.told === undefined
  // Most who move take steps, and the way is not asked for.
  const isUp = isStirring(rest, steps, bpm)
  if (isUp && isSoon) return undefined
  const fix = sample.loc && fixOf(sample.loc, at)
  const seen = { steps, fix, bpm }
  const hasMoved = isUp || isElsewhere(rest, fix)
  if (!isCut && !hasMoved) return goOn(rest, { input, seen, isWorn }, context)
  if (isSoon) return undefined
  return { state: isWorn && isComparable(steps, bpm) ? begin(at, seen, context) : null }
}

const isComparable = (steps: number | undefined, bpm: number | undefined): boolean =>
  steps !== undefined || bpm !== undefined

/** A new episode, which may be over with the next sample. */
const begin = (at: EpochMs, seen: Seen, { residentId }: Context): Rest =>
  ofWearer(withBasis({ from: at, ms: 0 }, seen), wearerMark(residentId))

type Seen = { steps: number | undefined; fix?: Fix | undefined; bpm: number | undefined }

/** One more sample in which nothing has moved. */
function goOn(
  rest: Rest,
  { input, seen, isWorn }: { input: SampleInput; seen: Seen; isWorn: boolean },
  context: Context,
): Step<Rest> | undefined {
  const { at, lateMs } = input
  const forMs = at - rest.from
  if (isWorn && rest.told === undefined && forMs >= STILL_FOR_MS && lateMs <= STALE_MS && isTelling(rest)) {
    const from = epochMs(Math.max(rest.from, context.awayUntil ?? 0))
    const wakingForMs = at > from ? wakingMs(context, from, at) : 0
    if (wakingForMs >= STILL_FOR_MS)
      return { state: { ...rest, ms: forMs, told: true }, findings: [findingOf(rest, input, wakingForMs)] }
  }
  const isNews = seen.steps !== undefined && seen.steps !== rest.steps
  if (!isNews && forMs - rest.ms < NOTED_EVERY_MS) return undefined
  return { state: withBasis({ ...rest, ms: forMs }, seen) }
}

/** Enough to say that somebody is still, and not only that they are quiet. */
const isTelling = ({ steps, place, bpm }: Rest): boolean =>
  steps !== undefined || (place !== undefined && bpm !== undefined)

/** A counter that starts anew at nothing says nothing; one that starts anew and counts has counted steps. */
function isStirring(rest: Rest, steps: number | undefined, bpm: number | undefined): boolean {
  if (steps !== undefined && rest.steps !== undefined && steps !== rest.steps && steps > 0) return true
  return bpm !== undefined && rest.bpm !== undefined && Math.abs(bpm - rest.bpm) >= PULSE_CHANGE_BPM
}

function isElsewhere({ place }: Rest, fix: Fix | undefined): boolean {
  if (fix === undefined || place === undefined || isCoarse(fix)) return false
  const [lat, lon, accuracyM] = place
  return distanceM(fix, { lat, lon }) > MOVED_BY_ACCURACIES * (fix.accuracyM + accuracyM)
}

/** What is not known yet of this episode is taken from now on; the step counter is followed when it starts anew. */
function withBasis(rest: Rest, { steps, fix, bpm }: Seen): Rest {
  const next = { ...rest }
  if (steps !== undefined) next.steps = steps
  if (bpm !== undefined && next.bpm === undefined) next.bpm = Math.round(bpm)
  if (fix !== undefined && next.place === undefined && !isCoarse(fix))
    next.place = [round(fix.lat), round(fix.lon), Math.round(fix.accuracyM)]
  return next
}

/** A metre, about. */
const PLACES = 1e5
const round = (degrees: number): number => Math.round(degrees * PLACES) / PLACES

const EARTH_M_PER_DEGREE = 111_195

/** Good to far better than the accuracy of a fix as long as both are in one town. */
function distanceM(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const east = Math.abs(a.lon - b.lon)
  const x = Math.min(east, 360 - east) * Math.cos((a.lat * Math.PI) / 180)
  return Math.hypot(a.lat - b.lat, x) * EARTH_M_PER_DEGREE
}

/** Zero, and what no heart does, is no reading. */
function pulseOf({ sample }: SampleInput): number | undefined {
  const bpm = sample.vitals?.hr
  return bpm !== undefined && bpm >= PULSE_BPM.from && bpm <= PULSE_BPM.to ? bpm : undefined
}

const findingOf = (rest: Rest, { at, lateMs }: SampleInput, wakingForMs: number): Raised => ({
  kind: 'no_movement',
  severity: 'high',
  at,
  lateMs,
  evidence: {
    stillForMs: at - rest.from,
    wakingForMs,
    limitMs: STILL_FOR_MS,
    ...(rest.steps !== undefined && { steps: rest.steps }),
    ...(rest.bpm !== undefined && { hrBpm: rest.bpm }),
    ...(rest.place && { position: { lat: rest.place[0], lon: rest.place[1], accuracyM: rest.place[2] } }),
  },
})
