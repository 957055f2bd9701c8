// Alarms for tests of the gateway, put straight into the records.

import { ROOT_AREA_ID } from '../../model/area.ts'
import { appendTimeline } from '../../records/entries.ts'
import type { TestDesk } from './desk.ts'

let incidents = 0

/** Puts an open emergency on the desk. */
export async function raiseAlarm(
  { records, clock }: Pick<TestDesk, 'records' | 'clock'>,
  { areaId = ROOT_AREA_ID, residentId }: { areaId?: string; residentId?: string } = {},
): Promise<string> {
  const id = `inc_${++incidents}`
  const at = clock.now()
  await records.db.transaction().execute(async tx => {
    await tx
      .insertInto('incidents')
      .values({
        id,
        class: 'emergency',
        state: 'raised',
        severity: 'critical',
        kind: 'sos',
        subjectType: residentId ? 'resident' : 'device',
        subjectId: residentId ?? `dev_${id}`,
        subjectName: '张秀英',
        areaId,
        deviceId: `dev_${id}`,
        raisedAt: at,
        alertedAt: at,
        lateMs: 0,
        acceptedAt: null,
        ownerId: null,
        leaseUntil: null,
        escalation: -1,
        escalateAt: null,
        conditionsJson: '[]',
        disposition: null,
        resolvedAt: null,
        previousId: null,
        findings: 1,
        seq: 0,
      })
      .execute()
    await appendTimeline(tx, [{ incidentId: id, kind: 'finding', at, findingId: `f_${id}`, detail: {} }])
  })
  records.nudge.publish('feed')
  return id
}

/** Adds entries to an alarm's timeline in one transaction each; returns nothing that a console could not see. */
export async function addEntries(
  { records, clock }: Pick<TestDesk, 'records' | 'clock'>,
  { incidentId, count, detail = {} }: { incidentId: string; count: number; detail?: Record<string, unknown> },
): Promise<void> {
  for (let i = 0; i < count; i++) {
    await records.db
      .transaction()
      .execute(tx => appendTimeline(tx, [{ incidentId, kind: 'noted', at: clock.now(), detail }]))
    records.nudge.publish('feed')
  }
}
