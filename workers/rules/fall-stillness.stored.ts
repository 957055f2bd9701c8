// How a fall that is being watched is written down: its id as it is, all else as numbers in a row (packed.ts), times
// relative to that of the newest note.
//
//   [id, text]
//   text := noted, known, (fall, ms before noted) …, [fallAt, noted of the watch, is at rest, [at, steps, has a place, [place]]]
//
// The id is 0 where none is watched.

import { epochMs } from '../../model/units.ts'
import { openPacked, packNumbers } from '../packed.ts'
import type { Older, StoredAs } from '../rule.ts'
import { shortHash } from '../short-hash.ts'
import type { FallStillnessState } from './fall-stillness.ts'
import type { Fix } from './fix.ts'
import { type KeptFix, keep } from './kept-fix.ts'

export const fallStillnessStored: StoredAs<FallStillnessState> = { pack, unpack }

type Watch = NonNullable<FallStillnessState['watch']>
type Rest = NonNullable<Watch['rest']>
type Read = () => number

const DEGREE = 1e6

function pack({ watch, known }: FallStillnessState): [fallId: string | 0, text: string] {
  const until = known.at(-1)?.[1] ?? watch?.noted ?? 0
  const row = [until, known.length]
  for (const [fall, now] of known) row.push(fall, until - now)
  if (watch === null) return [0, packNumbers(row)]
  row.push(watch.fallAt - until, watch.noted - until, ...restRow(watch.rest, until))
  return [watch.fallId, packNumbers(row)]
}

function restRow(rest: Rest | null, until: number): number[] {
  if (rest === null) return [0]
  const { at, steps, fix } = rest
  return [1, at - until, steps, ...(fix === null ? [0] : [1, ...placeRow(fix)])]
}

const placeRow = ([, lat, lon, accuracyM, source]: KeptFix): number[] => [
  lat * DEGREE,
  lon * DEGREE,
  accuracyM * 10,
  source,
]

function unpack(stored: unknown): FallStillnessState {
  const [fallId, text] = stored as [string | 0, string]
  const read = openPacked(text)
  const until = read()
  const known = Array.from({ length: read() }, () => [read(), epochMs(until - read())] as const)
  if (fallId === 0) return { watch: null, known }
  const [fallAt, noted] = [epochMs(until + read()), epochMs(until + read())]
  return { watch: { fallId, fallAt, noted, rest: readRest(read, until) }, known }
}

function readRest(read: Read, until: number): Rest | null {
  if (read() === 0) return null
  const [at, steps] = [epochMs(until + read()), read()]
  const fix: KeptFix | null =
    read() === 0 ? null : [at, read() / DEGREE, read() / DEGREE, read() / 10, read()]
  return { at, steps, fix }
}

/** What version 1 had stored: falls by their ids, and a place as it was seen. */
type Rest1 = Omit<Rest, 'fix'> & { fix: Fix | null }
type Version1 = {
  watch: (Omit<Watch, 'rest'> & { rest: Rest1 | null }) | null
  known: readonly (readonly [fallId: string, now: Watch['noted']])[]
}

export const fallStillnessState: Older<FallStillnessState> = {
  name: 'fall_stillness',
  version: 1,
  migrate(stored) {
    const { watch, known } = stored as Version1
    return {
      watch: watch && { ...watch, rest: watch.rest && restOf(watch.rest) },
      known: known.map(([fallId, now]) => [shortHash(fallId), now] as const),
    }
  },
}

const restOf = ({ fix, ...rest }: Rest1): Rest => ({
  ...rest,
  fix: fix && keep(fix),
})
