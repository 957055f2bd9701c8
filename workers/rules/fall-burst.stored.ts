// How the falls of a day are written down (bits.ts), in whole seconds and hours before the newest.

import { type Bits, storedAsBits } from '../bits.ts'
import { SHORT_HASH_BITS } from '../short-hash.ts'
import type { FallBurstState } from './fall-burst.ts'
import type { ToldFall } from './fall-memory.ts'

const HOUR_S = 3_600

export const fallBurstStored = storedAsBits<FallBurstState>((bits, state) => {
  const until = bits.count(state?.last.at(-1)?.atS ?? 0, 31)
  const wearer = bits.bits(state?.wearer ?? 0, 32)
  const inReview = bits.flag(state?.inReview === true)
  const kept = bits.count(state?.last.length ?? 0, 2)
  const last = Array.from({ length: kept }, (_, i) => fall(bits, state?.last[i], until))
  if (!bits.flag(state?.earlier !== undefined)) return { wearer, last, inReview }
  const ofNewest = Math.floor(until / HOUR_S)
  const hour = ofNewest - bits.whole(ofNewest - (state?.earlier?.hour ?? 0), 5)
  const hours = bits.count(state?.earlier?.falls.length ?? 0, 4)
  const falls = Array.from({ length: hours }, (_, i) => bits.count(state?.earlier?.falls[i] ?? 0, 1))
  return { wearer, last, earlier: { hour, falls }, inReview }
})

function fall(bits: Bits, its: ToldFall | undefined, until: number): ToldFall {
  const atS = until - bits.whole(until - (its?.atS ?? 0), 12)
  const isWearers = bits.flag(its?.isWearers === true)
  const told: ToldFall = { atS, isWearers }
  if (bits.flag(its?.id !== undefined)) told.id = bits.bits(its?.id ?? 0, SHORT_HASH_BITS)
  if (bits.flag(its?.t0S !== undefined)) told.t0S = atS - bits.whole(atS - (its?.t0S ?? 0), 4)
  return told
}
