// Location while an elder is lost. As long as the alarm lasts, the bands that they wear say where they are, at once
// and every few seconds; when it is over the bands go back to what they did before. What is asked of them is written
// in the transaction that opens or ends the alarm, so neither can be without the other.

import type { CommandName } from '../model/command.ts'
import type { Finding } from '../model/finding.ts'
import type { Action, Work } from '../model/incident.ts'
import type { Incident } from '../records/casework.ts'
import { type CommandToWrite, writeCommands } from '../records/commands.ts'
import type { Tx } from '../records/db.ts'
import { appendTimeline, type NewEntry } from '../records/entries.ts'
import {
  endTracking,
  type Trackable,
  trackablesOf,
  trackedFor,
  type Undo,
  wasTracked,
} from '../records/tracking.ts'

/** The hub's own choice: somebody who walks is 30 m further on, and a band's battery lasts for hours of it. */
export const TRACK_EVERY_MS = 20_000
/** What a band goes back to when nobody has said how often it should report (docs/alarms.md). */
export const USUAL_INTERVAL_MS = 5 * 60_000

const DAY_MS = 24 * 3_600_000
/** A band that is switched on again while its wearer is still missing has to know. The end of the alarm cancels it. */
const TRACK_FOR_MS = 7 * DAY_MS
/** A band that was empty for weeks would otherwise empty itself again. */
const UNDO_FOR_MS = 30 * DAY_MS

/** Whether a finding says that an elder who may not find home has left, or is where they must not be. */
export const isWandering = ({
  kind,
  severity,
  ended,
}: Pick<Finding, 'kind' | 'severity' | 'ended'>): boolean =>
  (kind === 'zone_exit' || kind === 'danger_zone_enter') && severity === 'critical' && !ended

type Tracked = Pick<Incident, 'id' | 'subjectType' | 'subjectId'>

/** Asks the bands of these alarms' elders where they are; what was asked already is not asked again. */
export async function startTracking(
  tx: Tx,
  { incidents, at }: { incidents: Iterable<Tracked>; at: number },
): Promise<void> {
  for (const { id, subjectType, subjectId } of incidents) {
    const devices = await trackablesOf(tx, { type: subjectType, id: subjectId })
    const asked = new Set((await trackedFor(tx, id)).map(keyOf))
    const commands = devices.flatMap(device => trackingOf(device, { incidentId: id, at }))
    await writeCommands(
      tx,
      commands.filter(command => !asked.has(keyOf(command))),
    )
  }
}

/** What a person's action means for the bands: the alarm is over, or it is taken up again. */
export async function trackAction(
  tx: Tx,
  { action, incident, at }: { action: Action | Work; incident: Tracked; at: number },
): Promise<void> {
  if (changesTracking(action) === 'ends') await stopTracking(tx, { incidentId: incident.id, at })
  else if (changesTracking(action) === 'resumes' && (await wasTracked(tx, incident.id)))
    await startTracking(tx, { incidents: [incident], at })
}

/** What an action does to the tracking of an alarm, if there is any; null for nothing. */
export const changesTracking = (action: Action | Work): 'ends' | 'resumes' | null => EFFECTS[action] ?? null

const EFFECTS: Partial<Record<Action | Work, 'ends' | 'resumes'>> = {
  resolve: 'ends',
  close: 'ends',
  reopen: 'resumes',
}

async function stopTracking(tx: Tx, { incidentId, at }: { incidentId: string; at: number }): Promise<void> {
  const { deviceIds, undos } = await endTracking(tx, { incidentId, at })
  const written = await writeCommands(
    tx,
    undos.map(undo => undoOf(undo, { incidentId, at })),
  )
  const backTo = new Map(written.map(({ deviceId, args }) => [deviceId, args.everyMs]))
  const entries = deviceIds.map(
    (deviceId): NewEntry => ({
      incidentId,
      kind: 'untracked',
      at,
      detail: { deviceId, everyMs: backTo.get(deviceId) },
    }),
  )
  await appendTimeline(tx, entries)
}

type For = { incidentId: string; at: number }

/** A band that reports more often than that by itself is not slowed down. */
export function trackingOf(
  { id: deviceId, intervalMs }: Trackable,
  { incidentId, at }: For,
): CommandToWrite[] {
  const asked = { deviceId, createdAt: at, expiresAt: at + TRACK_FOR_MS, incidentId }
  const locate: CommandToWrite = { ...asked, name: 'locate', args: {} }
  if (intervalMs !== null && intervalMs <= TRACK_EVERY_MS) return [locate]
  return [{ ...asked, name: 'interval', args: { everyMs: TRACK_EVERY_MS } }, locate]
}

const undoOf = ({ commandId, deviceId, intervalMs }: Undo, { incidentId, at }: For): CommandToWrite => ({
  deviceId,
  name: 'interval',
  args: { everyMs: intervalMs ?? USUAL_INTERVAL_MS },
  createdAt: at,
  expiresAt: at + UNDO_FOR_MS,
  incidentId,
  undoOf: commandId,
})

export const keyOf = ({ deviceId, name }: { deviceId: string; name: CommandName }): string =>
  `${deviceId} ${name}`
