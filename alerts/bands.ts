// Bands of elders who are lost, as the sweep looks after them: one that is put on while the alarm lasts is asked as
// the others were, and what is asked of each stands on the timeline of the alarm.

import type { Clock } from '../model/time.ts'
import { type CommandToWrite, writeCommands } from '../records/commands.ts'
import { type Db, type Records, type Tx, writeDesk } from '../records/db.ts'
import { appendTimeline, type NewEntry } from '../records/entries.ts'
import { storedFacts } from '../records/stored.ts'
import { type Asked, askedForOpen, toldOnTimeline, trackablesOf } from '../records/tracking.ts'
import { keyOf, trackingOf } from './track.ts'

/** Asks who was not asked yet, and tells what was not told. */
export async function followBands({ records, clock }: { records: Records; clock: Clock }): Promise<void> {
  // Almost always nobody is lost, or all is done: find that out without keeping a writer busy.
  const behind = await missingOf(records.feed, clock.now())
  if (behind.toAsk.length === 0 && behind.toTell.length === 0) return
  await writeDesk(records, tx => catchUp(tx, clock.now()))
  records.nudge.publish('commands')
  records.nudge.publish('feed')
}

type Missing = { toAsk: CommandToWrite[]; toTell: Told[] }
/** One command, as it is told. */
type Told = Pick<Asked, 'incidentId' | 'id' | 'deviceId' | 'expiresAt'> & { everyMs: unknown }

async function catchUp(tx: Tx, at: number): Promise<void> {
  const { toAsk, toTell } = await missingOf(tx, at)
  const asked = await writeCommands(tx, toAsk)
  const told = asked.map(({ id, deviceId, expiresAt, args, incidentId }) => ({
    incidentId: incidentId ?? '',
    id,
    deviceId,
    expiresAt,
    everyMs: args.everyMs,
  }))
  await appendTimeline(tx, entriesOf([...toTell, ...told], at))
}

async function missingOf(db: Db, at: number): Promise<Missing> {
  const missing: Missing = { toAsk: [], toTell: [] }
  const asked = Object.groupBy(await askedForOpen(db), ({ incidentId }) => incidentId)
  for (const commands of Object.values(asked)) {
    const [first] = commands ?? []
    if (!commands || !first) continue
    const { incidentId, subjectType: type, subjectId: id } = first
    const told = await toldOnTimeline(db, incidentId)
    for (const command of commands)
      if (!told.has(command.id))
        missing.toTell.push({ ...command, everyMs: storedFacts(command.argsJson).everyMs })
    const isAsked = new Set(commands.map(keyOf))
    const wanted = (await trackablesOf(db, { type, id })).flatMap(device =>
      trackingOf(device, { incidentId, at }),
    )
    missing.toAsk.push(...wanted.filter(command => !isAsked.has(keyOf(command))))
  }
  return missing
}

/** One entry a device: how often it is to say where it is, and until when it is tried. */
function entriesOf(told: readonly Told[], at: number): NewEntry[] {
  const byDevice = Object.groupBy(told, ({ incidentId, deviceId }) => `${incidentId} ${deviceId}`)
  return Object.values(byDevice).flatMap((commands = []): NewEntry[] => {
    const [first] = commands
    if (!first) return []
    const { incidentId, deviceId, expiresAt: until } = first
    const everyMs = commands.find(command => command.everyMs !== undefined)?.everyMs
    const commandIds = commands.map(({ id }) => id)
    return [{ incidentId, kind: 'tracked', at, detail: { deviceId, everyMs, until, commandIds } }]
  })
}
