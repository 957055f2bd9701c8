// Step 0 of the escalation: the alert itself. The desk has it with the finding; whoever is outside of the desk is told
// here, once for each alert, and the clock is put right where the alarm's area has a ladder of its own.

import type { Log } from '../model/log.ts'
import { changeIncident, type Incident } from '../records/casework.ts'
import type { Tx } from '../records/db.ts'
import type { NewEntry } from '../records/entries.ts'
import { keepTelling, tellingOf } from '../records/tellings.ts'
import { becauseOf, defaultLadder, type Ladder, untilNext } from './escalate.ts'
import { tellStep } from './tell.ts'
import type { Ground } from './tell-ground.ts'

type Given = {
  incident: Incident
  ladder: Ladder | null
  ground: Ground
  now: number
  log: Log | undefined
}

/** Tells of the alert that stands on the row, unless that was done. */
export async function tellAlert(tx: Tx, { ladder, ...given }: Given): Promise<NewEntry[]> {
  const { incident } = given
  const [alert] = ladder?.steps ?? []
  if (!alert) return []
  const before = await tellingOf(tx, incident.id)
  if (before?.alertedAt === incident.alertedAt) return []
  const step = { ...alert, step: 0, because: becauseOf(incident) }
  const { entries } = await tellStep(tx, { ...given, step })
  return entries
}

/**
 * Whoever starts a clock goes by the usual ladder, and asks nobody. Here the wait for the first step becomes that of the
 * area's own one. A step that is due by now stays so.
 */
export async function keepClock(
  tx: Tx,
  { incident, ladder, now }: Omit<Given, 'ground' | 'log'>,
): Promise<void> {
  const telling = await tellingOf(tx, incident.id)
  const usual = defaultLadder(incident)
  const { escalation, escalateAt } = incident
  if (!telling || !usual || !ladder || escalateAt === null || escalation !== 0) return
  const isLooked = telling.clockAt === escalateAt
  const clockAt =
    isLooked || escalateAt <= now ? escalateAt : escalateAt - untilNext(usual, 0) + untilNext(ladder, 0)
  if (clockAt !== escalateAt && !(await changeIncident(tx, incident, { escalateAt: clockAt }))) return
  await keepTelling(tx, { ...telling, clockAt })
}
