// An elder's own limits of vital signs as a table of bounds, and back (pure).

import type { Thresholds } from '../../../model/thresholds.ts'

export const VITALS = ['hr', 'spo2', 'sbp', 'temp', 'rr'] as const satisfies readonly (keyof Thresholds)[]
export const BOUNDS = ['lowCritical', 'lowHigh', 'highHigh', 'highCritical'] as const
export type Vital = (typeof VITALS)[number]
export type Bound = (typeof BOUNDS)[number]
export type Row = Partial<Record<Bound, number>>
export type Table = Partial<Record<Vital, Row>>

export function toTable(thresholds: Thresholds | null): Table {
  const table: Table = {}
  for (const vital of VITALS) {
    const own = thresholds?.[vital]
    if (own === undefined) continue
    const bounds = {
      lowCritical: own.low?.critical,
      lowHigh: own.low?.high,
      highHigh: own.high?.high,
      highCritical: own.high?.critical,
    }
    table[vital] = given(bounds)
  }
  return table
}

/** Null where nothing is left: then all is as usual. */
export function fromTable(table: Table): Thresholds | null {
  const thresholds: Thresholds = {}
  for (const vital of VITALS) {
    const { lowCritical, lowHigh, highHigh, highCritical } = table[vital] ?? {}
    const low = given({ high: lowHigh, critical: lowCritical })
    const high = given({ high: highHigh, critical: highCritical })
    const own = { ...(isAny(low) && { low }), ...(isAny(high) && { high }) }
    if (isAny(own)) thresholds[vital] = own
  }
  return isAny(thresholds) ? thresholds : null
}

/** Signs whose bounds do not rise from left to right. */
export const wrongOrder = (table: Table): Vital[] =>
  VITALS.filter(vital => {
    const row = table[vital] ?? {}
    const bounds = BOUNDS.flatMap(bound => row[bound] ?? [])
    return bounds.some((bound, index) => index > 0 && bound <= (bounds[index - 1] ?? bound - 1))
  })

const isAny = (some: object): boolean => Object.keys(some).length > 0

const given = <T extends object>(some: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(some).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
