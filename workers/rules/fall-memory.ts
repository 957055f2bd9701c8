// Which falls of a device were told within a day: the last few of them, to know a burst that is sent again and to tell
// when a day has brought fewer, and how many there were in each hour before. It stays small however many there are.

import type { EpochMs } from '../../model/units.ts'
import { shortHash } from '../short-hash.ts'
import { wearerMark } from './wearer.ts'

export const DAY_MS = 24 * 3_600_000
const DAY_S = DAY_MS / 1_000
const HOUR_S = 3_600

/** A device that stamps each try anew is this far off at most; more is another burst under the same id. */
export const SAME_BURST_MS = 10 * 60_000

/**
 * Falls that are kept one by one: one more than the bound of a day (fall-burst.ts), to tell when it is gone below, and
 * one for good measure. What is sent again is nearly always what was sent last; of a wearer with more falls than these
 * one that is told twice is one more on the list for review.
 */
export const KEPT_FALLS = 4

/** What a device says of a burst: which it is, and when it began. */
export type NamedBurst = { id?: string | undefined; t0?: number | undefined }

/**
 * A fall that was told. Times are whole seconds since 1970: when it came, and, where the device says them, when the
 * burst began, and which it was. `isWearers`: of who wears the device by the newest of them.
 */
export type ToldFall = { atS: number; isWearers: boolean; id?: number; t0S?: number }

export type FallMemory = {
  /** Whose the newest is (wearer.ts). */
  wearer: number
  /** Oldest first. */
  last: readonly ToldFall[]
  /** How many the wearer had before those, by hour since 1970, from `hour` on. */
  earlier?: { hour: number; falls: readonly number[] }
}

export const NO_FALLS: FallMemory = { wearer: wearerMark(null), last: [] }

const secondOf = (ms: number): number => Math.floor(ms / 1_000)

/** Without what is older than a day; the very same where nothing is. An hour counts while all of it lies within. */
export function ofLastDay(memory: FallMemory, now: EpochMs): FallMemory {
  const from = secondOf(now) - DAY_S
  const [oldest] = memory.last
  const isOld = oldest !== undefined && oldest.atS <= from
  const gone = goneHours(memory.earlier, from)
  if (!isOld && gone === 0) return memory
  const { earlier: before, ...rest } = memory
  const last = memory.last.filter(({ atS }) => atS > from)
  const earlier = before && hoursFrom(before, gone)
  return { ...rest, last, ...(earlier && { earlier }) }
}

type Hours = NonNullable<FallMemory['earlier']>

const goneHours = (earlier: Hours | undefined, from: number): number =>
  earlier === undefined ? 0 : Math.max(0, Math.floor(from / HOUR_S) + 1 - earlier.hour)

const hoursFrom = ({ hour, falls }: Hours, gone: number): Hours | undefined =>
  gone < falls.length ? { hour: hour + gone, falls: falls.slice(gone) } : undefined

/** Falls of the wearer within the day; to the hour where there are more of them than are kept one by one. */
export const countOf = ({ last, earlier }: FallMemory): number =>
  last.filter(({ isWearers }) => isWearers).length + sumOf(earlier?.falls ?? [])

/** Falls of whoever wore the device within the day, as far as they are kept one by one. */
export const lastOfDay = ({ last }: FallMemory): number => last.length

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)

/** The device sent this burst before; without an id of its own, in doubt it is a new one. */
export function isKnown({ last }: FallMemory, { id, t0 }: NamedBurst): boolean {
  if (id === undefined) return false
  const hash = shortHash(id)
  const t0S = t0SOf(t0)
  const isSameTime = (other: number | undefined): boolean =>
    t0S === undefined || other === undefined || Math.abs(other - t0S) * 1_000 <= SAME_BURST_MS
  return last.some(told => told.id === hash && isSameTime(told.t0S))
}

/** A time that no calendar holds is none. */
const t0SOf = (t0: number | undefined): number | undefined =>
  t0 === undefined || !Number.isSafeInteger(Math.floor(t0)) ? undefined : secondOf(t0)

/** Takes a fall that is told now. */
export function rememberFall(
  memory: FallMemory,
  { now, residentId, burst: { id, t0 } }: { now: EpochMs; residentId: string | null; burst: NamedBurst },
): FallMemory {
  const wearer = wearerMark(residentId)
  const isTheirs = wearer === memory.wearer
  const t0S = t0SOf(t0)
  const told: ToldFall = {
    atS: secondOf(now),
    isWearers: true,
    ...(id !== undefined && { id: shortHash(id) }),
    ...(t0S !== undefined && { t0S }),
  }
  const before = isTheirs ? memory.last : memory.last.map(one => ({ ...one, isWearers: false }))
  const all = [...before, told]
  const earlier = all
    .slice(0, -KEPT_FALLS)
    .filter(({ isWearers }) => isWearers)
    .reduce(countHour, isTheirs ? memory.earlier : undefined)
  return { wearer, last: all.slice(-KEPT_FALLS), ...(earlier && { earlier }) }
}

/** Hours are counted in order, since falls are told in order; one before the first counts with it. */
function countHour(earlier: Hours | undefined, { atS }: ToldFall): Hours {
  const hour = Math.floor(atS / HOUR_S)
  if (earlier === undefined) return { hour, falls: [1] }
  const place = Math.max(0, hour - earlier.hour)
  const falls = Array.from(
    { length: Math.max(place + 1, earlier.falls.length) },
    (_, i) => (earlier.falls[i] ?? 0) + (i === place ? 1 : 0),
  )
  return { hour: earlier.hour, falls }
}
