// Step 0 of the escalation: the alert itself. The desk has it with the finding; whoever is outside of the desk is told
// here, once for each alert, and the clock is put right where the alarm's area has a ladder of its own.

import type { Incident } from '../records/casework.ts'
import type { NewEntry } from '../records/entries.ts'
import { becauseOf, defaultLadder, type Ladder, untilNext } from './escalate.ts'
import { type At, tellStep } from './tell.ts'
import type { TellDesk } from './tell-desk.ts'

type Given = At & { incident: Incident; ladder: Ladder | null }

/** Tells of the alert that stands on the row, unless that was done. */
export function tellAlert(desk: TellDesk, { ladder, ...given }: Given): NewEntry[] {
  const { incident } = given
  const [alert] = ladder?.steps ?? []
  if (!alert || desk.tellingOf(incident.id)?.alertedAt === incident.alertedAt) return []
  return tellStep(desk, { ...given, step: { ...alert, step: 0, because: becauseOf(incident) } })
}

/**
 * The incident with its clock put right: whoever starts one goes by the usual ladder, and asks nobody. Here the wait for
 * the first step becomes that of the area's own one. A step that is due by now stays so.
 */
export function keepClock(
  desk: TellDesk,
  { incident, ladder, now }: Pick<Given, 'incident' | 'ladder' | 'now'>,
): Incident {
  const telling = desk.tellingOf(incident.id)
  const usual = defaultLadder(incident)
  const { escalation, escalateAt } = incident
  if (!telling || !usual || !ladder || escalateAt === null || escalation !== 0) return incident
  const isLooked = telling.clockAt === escalateAt
  const clockAt =
    isLooked || escalateAt <= now ? escalateAt : escalateAt - untilNext(usual, 0) + untilNext(ladder, 0)
  desk.keep({ ...telling, clockAt })
  return { ...incident, escalateAt: clockAt }
}
