// Who was told of some alarms, as it was read and as it becomes: read at once and written at once, because alarms that
// come in meanwhile wait for whoever writes.

import type { Db } from '../records/db.ts'
import {
  contactDeliveries,
  type NewDelivery,
  newDeliveryStatements,
  type ToContact,
} from '../records/deliveries.ts'
import {
  type Passed,
  passedContacts,
  type Telling,
  tellingStatements,
  tellingsOf,
} from '../records/tellings.ts'
import type { Statement } from '../records/whole.ts'
import { DeskMoved } from './apply.ts'
import type { Way } from './recipients.ts'
import { type Asked, type Ground, readGround } from './tell-ground.ts'

export type TellDesk = {
  ground: Ground
  /** How far people were told of an alarm; undefined when nobody was. */
  tellingOf(incidentId: string): Telling | undefined
  keep(telling: Telling): void
  /** What contacts were sent, or are to be, in one round. */
  toContacts(telling: Pick<Telling, 'incidentId' | 'round'>): readonly ToContact[]
  /** Whether the timeline says already that a contact was passed over, and why; null: that of nobody. */
  isSaid(incidentId: string, passed: Omit<Passed, 'incidentId'>): boolean
  add(rows: readonly NewDelivery[]): void
  /** How many were added. */
  added(): number
  /** A message has failed for good, in the transaction that this is for. */
  failed(deliveryId: string): void
  /** What was kept and added. @throws DeskMoved, when run, if somebody was faster. */
  statements(db: Db): Statement[]
}

/** For these alarms, once. `defaults` are the channels that the environment sets up. */
export async function readTellDesk(
  db: Db,
  asked: readonly Asked[],
  defaults: readonly Way[],
): Promise<TellDesk> {
  const ids = asked.map(({ incident }) => incident.id)
  const [ground, tellings, sent, passed] = await Promise.all([
    readGround(db, asked, defaults),
    tellingsOf(db, ids),
    contactDeliveries(db, ids),
    passedContacts(db, ids),
  ])
  return openTellDesk({ ground, tellings, sent, passed })
}

export function openTellDesk({
  ground,
  tellings,
  sent,
  passed,
}: {
  ground: Ground
  tellings: readonly Telling[]
  sent: readonly ToContact[]
  passed: readonly Passed[]
}): TellDesk {
  const before = new Map(tellings.map(telling => [telling.incidentId, telling]))
  const becomes = new Map<string, Telling>()
  const added: NewDelivery[] = []
  const gone = new Set<string>()

  return {
    ground,
    tellingOf: id => becomes.get(id) ?? before.get(id),
    keep: telling => void becomes.set(telling.incidentId, telling),
    toContacts: ({ incidentId, round }) =>
      [...sent, ...added.filter(({ recipientType }) => recipientType === 'contact')]
        .filter(row => row.incidentId === incidentId && row.round === round)
        .map(row => (gone.has(row.id) ? { ...row, state: 'failed' } : row)),
    isSaid: (id, { contactId, reason }) =>
      passed.some(one => one.incidentId === id && one.contactId === contactId && one.reason === reason),
    add(rows) {
      for (const row of rows) added.push(row)
    },
    added: () => added.length,
    failed: id => void gone.add(id),
    statements(db) {
      const changes = [...becomes.values()].map(telling => ({
        before: before.get(telling.incidentId),
        telling,
      }))
      return [...tellingStatements(db, changes, () => new DeskMoved()), ...newDeliveryStatements(db, added)]
    },
  }
}
