// What earlier versions of `fall_stillness` had stored.

import { epochMs } from '../../model/units.ts'
import { openPacked } from '../packed.ts'
import type { Older } from '../rule.ts'
import { shortened, shortHash } from '../short-hash.ts'
import type { FallStillnessState } from './fall-stillness.ts'
import type { Fix } from './fix.ts'
import { type KeptFix, keep } from './kept-fix.ts'

type Watch = NonNullable<FallStillnessState['watch']>
type Rest = NonNullable<Watch['rest']>
type Read = () => number

const DEGREE = 1e6

/**
 * Version 2: its id as it is, 0 where none is watched, and a text of numbers (packed.ts):
 *
 *   noted, known, (fall, ms before noted) …, [fallAt, noted of the watch, is at rest, [at, steps, has a place, [place]]]
 */
export const packedFallStillness: Older<FallStillnessState> = {
  name: 'fall_stillness',
  version: 2,
  migrate: unpack,
}

function unpack(stored: unknown): FallStillnessState {
  const [fallId, text] = stored as [string | 0, string]
  const read = openPacked(text)
  const until = read()
  const known = Array.from({ length: read() }, () => [shortened(read()), epochMs(until - read())] as const)
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

/** Version 1: falls by their ids, and a place as it was seen. */
type Rest1 = Omit<Rest, 'fix'> & { fix: Fix | null }
type Version1 = {
  watch: (Omit<Watch, 'rest'> & { rest: Rest1 | null }) | null
  known: readonly (readonly [fallId: string, now: Watch['noted']])[]
}

export const plainFallStillness: Older<FallStillnessState> = {
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
