// Lanes: three logs per partition, cut by kind of message, drained in this order.

import type { EventKind } from './event.ts'

export const LANES = ['urgent', 'motion', 'routine'] as const
export type Lane = (typeof LANES)[number]

/** Events that may wait behind routine samples; every other event is urgent. */
const ROUTINE_EVENTS: ReadonlySet<EventKind> = new Set(['low_battery', 'power_off', 'check_in'])

/**
 * The lanes that an event is appended to. `undefined` is an event that was not understood: urgent.
 * A band taken off matters to samples as well (are readings worn?), so it goes to both.
 */
export function lanesOfEvent(kind: EventKind | undefined): readonly Lane[] {
  if (kind === undefined) return URGENT
  if (kind === 'removed') return URGENT_AND_ROUTINE
  return ROUTINE_EVENTS.has(kind) ? ROUTINE : URGENT
}

const URGENT = ['urgent'] as const
const ROUTINE = ['routine'] as const
const URGENT_AND_ROUTINE = ['urgent', 'routine'] as const
