// Writes what became of tries, many in one transaction: rows move forward, people's timelines say it, and for a contact
// who cannot be told the next one is asked for in the same transaction.

import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import { incidentInScope } from '../records/casework.ts'
import { type Records, type Tx, writeDesk } from '../records/db.ts'
import { type DeliveryRow, moveDelivery, noteTry } from '../records/deliveries.ts'
import { appendTimeline, type NewEntry } from '../records/entries.ts'
import { WHOLE_HUB } from '../records/scope.ts'
import type { Way } from './recipients.ts'
import { tellNextContact } from './tell.ts'
import { type Ground, readGround } from './tell-ground.ts'
import { isFaultOfRows } from './tell-safely.ts'

/** Results a transaction; an SOS that comes in meanwhile waits for no more than this. */
const TOGETHER = 25

/** `failed` is for good. `tried` is told to nobody but the row: it goes on. */
export type Ending =
  | { end: 'sent'; providerId: string | undefined }
  | { end: 'failed'; reason: string }
  | { end: 'tried'; reason: string; enqueueAt: number }

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
      if (batch.length > 1 && isFaultOfRows(error)) for (const one of batch) await write([one])
      else for (const { reject } of batch) reject(error)
    }
  }

  async function writeSome(batch: readonly Waiting[]): Promise<void> {
    const entries = await writeDesk(records, async tx => {
      const at = { now: clock.now(), ground: readGround(tx, defaults), log }
      const written: NewEntry[] = []
      for (const { delivery, ending } of batch)
        written.push(...(await settleOne(tx, delivery, { ending, ...at })))
      await appendTimeline(tx, written)
      return written
    })
    if (entries.length > 0) records.nudge.publish('feed')
  }

  return (delivery, ending) =>
    new Promise((resolve, reject) => {
      waiting.push({ delivery, ending, resolve, reject })
      void writeAll()
    })
}

type At = { now: number; ground: Ground; log: Log }

async function settleOne(
  tx: Tx,
  delivery: DeliveryRow,
  { ending, ...at }: At & { ending: Ending },
): Promise<NewEntry[]> {
  const { now } = at
  const { id, sending } = delivery
  const tried = { triedAt: now, attempts: delivery.attempts + 1 }
  switch (ending.end) {
    case 'tried': {
      const { reason, enqueueAt } = ending
      await noteTry(tx, { id, sending, change: { ...tried, reason, enqueueAt } })
      return []
    }
    case 'sent': {
      const sent = {
        ...tried,
        sentAt: now,
        reason: null,
        enqueueAt: null,
        // PostgreSQL takes no such letter, and what was taken must not be sent again for its name.
        providerId: ending.providerId?.replaceAll('\0', '') ?? null,
      }
      const isMoved = await moveDelivery(tx, { id, sending, state: 'sent', change: sent })
      return isMoved ? [entryOf(delivery, 'told', now, {})] : []
    }
    case 'failed': {
      const { reason } = ending
      const failed = { ...tried, failedAt: now, reason, enqueueAt: null }
      if (!(await moveDelivery(tx, { id, sending, state: 'failed', change: failed }))) return []
      return [entryOf(delivery, 'untold', now, { reason }), ...(await nextOf(tx, delivery, at))]
    }
  }
}

async function nextOf(tx: Tx, failed: DeliveryRow, at: At): Promise<NewEntry[]> {
  if (failed.recipientType !== 'contact') return []
  const incident = await incidentInScope(tx, { id: failed.incidentId, scope: WHOLE_HUB })
  if (!incident || incident.escalateAt === null) return []
  return tellNextContact(tx, { ...at, incident, failed })
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
