// An elder as the fields of a form have them, and back (pure). What is hidden stands in no field: a field that was
// left blank under stars changes nothing.

import { isMasked } from '../../../model/mask.ts'
import type { Resident } from '../../../model/resident.ts'
import { changesOf } from '../answers.ts'
import type { Values } from '../parts/field-spec.ts'

export const HIDEABLE = ['phone', 'address', 'accessNotes', 'medicalNotes'] as const
export type Hideable = (typeof HIDEABLE)[number]

/** What of an elder is shown as stars. */
export const hiddenOf = (resident: Pick<Resident, Hideable>): Hideable[] =>
  HIDEABLE.filter(field => isMasked(resident[field] ?? ''))

export function toFields(resident: Resident): Values {
  const { waking, awayUntil, thresholds: _, id: __, ...rest } = resident
  const shown = Object.fromEntries(
    Object.entries(rest).map(([field, value]) => {
      const isHidden = typeof value === 'string' && isMasked(value)
      return [field, isHidden || value === null ? undefined : value]
    }),
  )
  return {
    ...shown,
    wakingFrom: waking.from,
    wakingTo: waking.to,
    awayUntil: awayUntil === null ? undefined : dayOf(awayUntil),
  }
}

/** The fields as the gateway takes them. */
export function fromFields(values: Values): Values {
  const { wakingFrom, wakingTo, awayUntil, ...rest } = values
  return {
    ...rest,
    ...(wakingFrom && wakingTo ? { waking: { from: wakingFrom, to: wakingTo } } : {}),
    awayUntil: typeof awayUntil === 'string' ? endOfDay(awayUntil) : null,
  }
}

/** What a person changed of an elder. */
export function changeOfResident(resident: Resident, values: Values): Values {
  const hidden = new Set<string>(hiddenOf(resident))
  const said = Object.entries(fromFields(values)).filter(
    ([field, value]) => !(hidden.has(field) && value === null),
  )
  const change = changesOf(resident, Object.fromEntries(said))
  const isSameDay =
    typeof change.awayUntil === 'number' &&
    resident.awayUntil !== null &&
    dayOf(change.awayUntil) === dayOf(resident.awayUntil)
  if (isSameDay) delete change.awayUntil
  return change
}

/** `2026-11-22`, by this machine's clock. */
export function dayOf(at: number): string {
  const day = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}

/** The last millisecond of a day. */
export function endOfDay(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + 1).getTime() - 1
}
