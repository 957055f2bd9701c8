// How a fall that is being watched is written down (bits.ts), times relative to that of the newest note.
//
//   text := bits
//         | bits, a space, id    where one is watched; no digit of the bits is a space

import { type EpochMs, epochMs } from '../../model/units.ts'
import { type Bits, storedAsBits } from '../bits.ts'
import type { StoredAs } from '../rule.ts'
import { SHORT_HASH_BITS, shortHash } from '../short-hash.ts'
import type { FallStillnessState } from './fall-stillness.ts'
import type { KeptFix } from './kept-fix.ts'

type Watch = NonNullable<FallStillnessState['watch']>
type Rest = NonNullable<Watch['rest']>
type Known = FallStillnessState['known'][number]

const DEGREE = 1e6
const SPACE = ' '

export const fallStillnessStored: StoredAs<FallStillnessState> = {
  pack(state) {
    const fallId = state.watch?.fallId
    const text = layoutOf(fallId).pack(state) as string
    return fallId === undefined ? text : text + SPACE + fallId
  },
  unpack(stored) {
    const text = String(stored)
    const at = text.indexOf(SPACE)
    return at < 0 ? layoutOf(undefined).unpack(text) : layoutOf(text.slice(at + 1)).unpack(text.slice(0, at))
  },
}

const layoutOf = (fallId: string | undefined): StoredAs<FallStillnessState> =>
  storedAsBits((bits, state) => {
    const until = epochMs(bits.count(untilOf(state), 41))
    const watched = fallId === undefined ? undefined : shortHash(fallId)
    const length = bits.count(state?.known.length ?? 0, 1)
    const known = Array.from({ length }, (_, i) => note(bits, state?.known[i], { until, watched }))
    return { watch: fallId === undefined ? null : watch(bits, state?.watch, { fallId, until }), known }
  })

const untilOf = (state: FallStillnessState | undefined): EpochMs =>
  state?.known.at(-1)?.[1] ?? state?.watch?.noted ?? epochMs(0)

function note(
  bits: Bits,
  its: Known | undefined,
  { until, watched }: { until: EpochMs; watched: number | undefined },
): Known {
  const isWatched = watched !== undefined && bits.flag(its?.[0] === watched)
  const fall = isWatched ? watched : bits.bits(its?.[0] ?? 0, SHORT_HASH_BITS)
  return [fall, epochMs(until - bits.whole(until - (its?.[1] ?? 0), 22))]
}

function watch(
  bits: Bits,
  its: Watch | null | undefined,
  { fallId, until }: { fallId: string; until: EpochMs },
): Watch {
  const fallAt = epochMs(until + bits.whole((its?.fallAt ?? 0) - until, 14))
  const noted = epochMs(until + bits.whole((its?.noted ?? 0) - until, 1))
  return { fallId, fallAt, noted, rest: bits.flag(its?.rest != null) ? rest(bits, its?.rest, until) : null }
}

function rest(bits: Bits, its: Rest | null | undefined, until: EpochMs): Rest {
  const at = epochMs(until + bits.whole((its?.at ?? 0) - until, 18))
  const steps = bits.count(its?.steps ?? 0, 14)
  return { at, steps, fix: bits.flag(its?.fix != null) ? place(bits, its?.fix, at) : null }
}

const place = (bits: Bits, its: KeptFix | null | undefined, at: EpochMs): KeptFix => [
  at,
  bits.whole((its?.[1] ?? 0) * DEGREE, 27) / DEGREE,
  bits.whole((its?.[2] ?? 0) * DEGREE, 28) / DEGREE,
  bits.count((its?.[3] ?? 0) * 10, 9) / 10,
  bits.bits(its?.[4] ?? 0, 3),
]
