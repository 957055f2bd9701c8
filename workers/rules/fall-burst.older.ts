// What earlier versions of `fall_burst` had stored.

import type { EpochMs } from '../../model/units.ts'
import { openPacked } from '../packed.ts'
import type { Older } from '../rule.ts'
import { shortened } from '../short-hash.ts'
import type { FallBurstState } from './fall-burst.ts'
import { type FallMemory, NO_FALLS, rememberFall, type ToldFall } from './fall-memory.ts'

const HOUR_S = 3_600
const PARTS = { wearers: 1, id: 2, t0: 4 } as const

/**
 * Version 2, a text of numbers (packed.ts):
 *
 *   at of the newest, wearer, is in review, falls, fall …, hours before the newest, hours, falls of each …
 *   fall := seconds before the newest, parts, [id], [seconds from the burst's begin until it came]
 */
export const packedFallBurst: Older<FallBurstState> = { name: 'fall_burst', version: 2, migrate: unpack }

const hourOf = (seconds: number): number => Math.floor(seconds / HOUR_S)

function unpack(stored: unknown): FallBurstState {
  const read = openPacked(stored as string)
  const [until, wearer, inReview] = [read(), read(), read() === 1]
  const last = Array.from({ length: read() }, (): ToldFall => {
    const [beforeS, parts] = [read(), read()]
    const atS = until - beforeS
    return {
      atS,
      isWearers: (parts & PARTS.wearers) !== 0,
      ...((parts & PARTS.id) !== 0 && { id: shortened(read()) }),
      ...((parts & PARTS.t0) !== 0 && { t0S: atS - read() }),
    }
  })
  const hour = hourOf(until) - read()
  const falls = Array.from({ length: read() }, () => read())
  return { wearer, last, ...(falls.length > 0 && { earlier: { hour, falls } }), inReview }
}

/** Version 1: each fall with all that was known of it, 200 of them at most. */
type Version1 = {
  told: readonly { now: EpochMs; residentId: string | null; id: string | null; t0: number | null }[]
  inReview: boolean
}

export const plainFallBurst: Older<FallBurstState> = {
  name: 'fall_burst',
  version: 1,
  migrate(stored) {
    const { told, inReview } = stored as Version1
    let memory: FallMemory = NO_FALLS
    for (const { now, residentId, id, t0 } of told)
      memory = rememberFall(memory, { now, residentId, burst: { id: id ?? undefined, t0: t0 ?? undefined } })
    return { ...memory, inReview }
  },
}
