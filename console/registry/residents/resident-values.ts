// An elder as the fields of a form have them, and back (pure). What is hidden stands in no field: a field that was
// left blank under stars changes nothing.

import { dayAt, spanOfDay, USUAL_TIME_ZONE } from '../../../model/local-days.ts'
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
    awayUntil: awayUntil === null ? undefined : dayOf(awayUntil, resident.timeZone),
  }
}

/** The fields as the gateway takes them. */
export function fromFields(values: Values): Values {
  const { wakingFrom, wakingTo, awayUntil, ...rest } = values
  const timeZone = String(rest.timeZone ?? USUAL_TIME_ZONE)
  return {
    ...rest,
    ...(wakingFrom && wakingTo ? { waking: { from: wakingFrom, to: wakingTo } } : {}),
    awayUntil: typeof awayUntil === 'string' ? endOfDay(awayUntil, timeZone) : null,
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
    change.timeZone === undefined &&
    dayOf(change.awayUntil, resident.timeZone) === dayOf(resident.awayUntil, resident.timeZone)
  if (isSameDay) delete change.awayUntil
  return change
}

/** `2026-11-22`, by the clock where the elder lives. */
export const dayOf = (at: number, timeZone: string): string => dayAt(at, known(timeZone))

/** The last millisecond of a day there. */
export const endOfDay = (day: string, timeZone: string): number => spanOfDay(day, known(timeZone)).to - 1

/** A zone that somebody is still typing may not be one: the hub says so beside its field. */
function known(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone
  } catch {
    return USUAL_TIME_ZONE // RangeError: there is no such zone
  }
}
