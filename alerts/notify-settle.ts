// Writes what became of tries, many in one transaction: rows move forward, people's timelines say it, and for a contact
// who cannot be told the next one is asked for in the same transaction.

import { DELIVERY_FROM, type DeliveryState } from '../model/delivery.ts'
import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import { writeDeskAtOnce } from '../records/at-once.ts'
import { changeStatements, type Incident, incidentInScope } from '../records/casework.ts'
import type { Db, Records } from '../records/db.ts'
import {
  type DeliveryChange,
  type DeliveryRow,
  deliveriesByIds,
  deliveryStatement,
} from '../records/deliveries.ts'
import { type NewEntry, timelineStatements } from '../records/entries.ts'
import { isRaceLost } from '../records/refusal.ts'
import { WHOLE_HUB } from '../records/scope.ts'
import { DeskMoved } from './apply.ts'
import type { Way } from './recipients.ts'
import { type At, tellNextContact } from './tell.ts'
import { readTellDesk, type TellDesk } from './tell-desk.ts'
import { isFaultOfRows } from './tell-safely.ts'

/** Results a transaction; an SOS that comes in meanwhile waits for no more than this. */
const TOGETHER = 25
/** Somebody else may change a message or its alarm, and not so often. */
const TRIES = 5

/** `failed` is for good. `tried` and `held` (which was no try) are told to nobody but the row: it goes on. */
export type Ending =
  | { end: 'sent'; providerId: string | undefined }
  | { end: 'failed'; reason: string }
  | { end: 'tried'; reason: string; enqueueAt: number }
  | { end: 'held'; heldUntil: number; enqueueAt: number }

export type Settle = (delivery: DeliveryRow, ending: Ending) => Promise<void>

type Waiting = { delivery: DeliveryRow; ending: Ending; resolve(): void; reject(error: unknown): void }

/** Returns what writes an ending; it resolves when that is committed, with whatever ended meanwhile. */
export function startSettling({
  records,
  clock,
  log,
  defaults,
}: {
  records: Records
  clock: Clock
  log: Log
  defaults: readonly Way[]
}): Settle {
  let waiting: Waiting[] = []
  let isWriting = false

  async function writeAll(): Promise<void> {
    if (isWriting) return
    isWriting = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, TOGETHER)
      waiting = waiting.slice(TOGETHER)
      await write(batch)
    }
    isWriting = false
  }

  /** An ending that the database does not take costs none of the others theirs: what was sent would be sent again. */
  async function write(batch: readonly Waiting[]): Promise<void> {
    try {
      await writeSome(batch)
      for (const { resolve } of batch) resolve()
    } catch (error) {
      const isOnes = isMoved(error) || isFaultOfRows(error)
      if (batch.length > 1 && isOnes) for (const one of batch) await write([one])
      else for (const { reject } of batch) reject(error)
    }
  }

  /** Somebody may have answered meanwhile, or a vendor have told: then as it stands by now. */
  async function writeSome(batch: readonly Waiting[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await writeOnce(batch)
      } catch (error) {
        if (!isMoved(error) || tries >= TRIES) throw error
      }
    }
  }

  async function writeOnce(batch: readonly Waiting[]): Promise<void> {
    const { db, feed, nudge } = records
    const alarms = await openAlarmsOf(feed, batch)
    const asked = alarms.map(incident => ({ incident, audiences: [] }))
    const ids = batch.map(({ delivery }) => delivery.id)
    const entries = await writeDeskAtOnce(records, {
      read: reading => Promise.all([deliveriesByIds(reading, ids), readTellDesk(reading, asked, defaults)]),
      write([rows, desk]) {
        const at = { now: clock.now(), log, desk, alarms }
        const ended = batch.map(({ delivery, ending }, place) => {
          const row = rows.find(({ id }) => id === ids[place])
          // Under another key it is another message: this one is over.
          return row && row.sending === delivery.sending ? endOf(row, ending, at) : NOTHING
        })
        const written = ended.flatMap(({ entries }) => entries)
        const statements = [
          ...ended.flatMap(({ row, change }) =>
            row && change ? deliveryStatement(db, row, { change, otherwise: moved }) : [],
          ),
          ...changeStatements(db, alarms, { columns: ['escalateAt'], otherwise: moved }), // that they are as they were
          ...desk.statements(db),
          ...timelineStatements(db, written),
        ]
        return { statements, answer: written }
      },
    })
    if (entries.length > 0) nudge.publish('feed')
  }

  return (delivery, ending) =>
    new Promise((resolve, reject) => {
      waiting.push({ delivery, ending, resolve, reject })
      void writeAll()
    })
}

const moved = (): Error => new DeskMoved()

/** Somebody else has written first. What was sent is not sent again for that. */
const isMoved = (error: unknown): boolean => error instanceof DeskMoved || isRaceLost(error)

/** Open alarms of which a contact could not be told. */
async function openAlarmsOf(db: Db, batch: readonly Waiting[]): Promise<Incident[]> {
  const failed = batch.filter(
    ({ ending, delivery }) => ending.end === 'failed' && delivery.recipientType === 'contact',
  )
  const ids = [...new Set(failed.map(({ delivery }) => delivery.incidentId))]
  const found = await Promise.all(ids.map(id => incidentInScope(db, { id, scope: WHOLE_HUB })))
  return found.filter(incident => incident !== undefined).filter(({ escalateAt }) => escalateAt !== null)
}

type Ended = { row?: DeliveryRow; change?: DeliveryChange & { state?: DeliveryState }; entries: NewEntry[] }
const NOTHING: Ended = { entries: [] }

type Given = At & { desk: TellDesk; alarms: readonly Incident[] }

/** What an ending makes of the row as it stands; nothing when that has gone on. */
function endOf(row: DeliveryRow, ending: Ending, given: Given): Ended {
  const { now } = given
  const tried = { triedAt: now, attempts: row.attempts + 1, heldUntil: null }
  switch (ending.end) {
    case 'held': {
      const { heldUntil, enqueueAt } = ending
      return row.state === 'queued' ? { row, change: { heldUntil, enqueueAt }, entries: [] } : NOTHING
    }
    case 'tried': {
      const { reason, enqueueAt } = ending
      return row.state === 'queued' ? { row, change: { ...tried, reason, enqueueAt }, entries: [] } : NOTHING
    }
    case 'sent': {
      if (!mayBecome('sent', row)) return NOTHING
      // PostgreSQL takes no such letter, and what was taken must not be sent again for its name.
      const providerId = ending.providerId?.replaceAll('\0', '') ?? null
      const sent = {
        ...tried,
        state: 'sent' as const,
        sentAt: now,
        reason: null,
        enqueueAt: null,
        providerId,
      }
      return { row, change: sent, entries: [entryOf(row, 'told', now, {})] }
    }
    case 'failed': {
      if (!mayBecome('failed', row)) return NOTHING
      const { reason } = ending
      const failed = { ...tried, state: 'failed' as const, failedAt: now, reason, enqueueAt: null }
      return {
        row,
        change: failed,
        entries: [entryOf(row, 'untold', now, { reason }), ...nextOf(row, given)],
      }
    }
  }
}

const mayBecome = (state: DeliveryState, row: DeliveryRow): boolean =>
  DELIVERY_FROM[state].some(from => from === row.state)

function nextOf(failed: DeliveryRow, { desk, alarms, ...at }: Given): NewEntry[] {
  desk.failed(failed.id)
  const incident = alarms.find(({ id }) => id === failed.incidentId)
  if (failed.recipientType !== 'contact' || !incident) return []
  return tellNextContact(desk, { ...at, incident, failed })
}

/** Who was told, by what, and of which step. */
export function entryOf(
  delivery: DeliveryRow,
  kind: 'told' | 'untold' | 'told_again',
  at: number,
  detail: Record<string, unknown>,
): NewEntry {
  const {
    id,
    incidentId,
    recipientType: type,
    recipientId,
    recipientName: name,
    channelKind,
    round,
    step,
  } = delivery
  const recipient = { type, id: recipientId, name }
  return {
    incidentId,
    kind,
    at,
    detail: { deliveryId: id, recipient, channel: channelKind, round, step, ...detail },
  }
}
