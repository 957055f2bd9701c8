// Keeps what is new and most urgent in sight: a list that was scrolled down must not hide it. Pure.

import type { Alarm } from '../../model/incident.ts'
import { needsSomebody } from './queue.ts'

/**
 * Whether the alarm at the top is new there, or graver than before. What merely moves up because others were accepted
 * scrolls nothing away under the operator's hand.
 */
export function newAtTop(before: readonly Alarm[], after: readonly Alarm[]): boolean {
  const [first] = after
  if (!first || first === before[0]) return false
  const known = before.find(({ id }) => id === first.id)
  return known === undefined || standingOf(known) !== standingOf(first)
}

const standingOf = ({ severity, alertedAt }: Alarm): string => `${severity} ${alertedAt}`

/** Whether the alarm that is read has just been taken: it goes down, and who still waits is at the top. */
export function justTaken(
  before: readonly Alarm[],
  after: readonly Alarm[],
  readId: string | undefined,
): boolean {
  const isRead = ({ id }: Alarm) => id === readId
  const [was, is] = [before.find(isRead), after.find(isRead)]
  return was !== undefined && is !== undefined && was !== is && needsSomebody(was) && !needsSomebody(is)
}
