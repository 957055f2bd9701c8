// Elders of an area, who fall silent and are heard again.

import type { Finding } from '../../model/finding.ts'
import type { Alarm, TimelineEntry } from '../../model/incident.ts'
import { UNSAID } from '../unsaid.ts'
import { type Desk, MINUTE } from './desk.ts'

/** So many elders in an area, each with a device of the same number. */
export async function settleIn(desk: Desk, areaId: string, count: number): Promise<string[]> {
  const { db } = desk.records
  const ids = Array.from({ length: count }, (_, n) => `${areaId}-${String(n).padStart(3, '0')}`)
  await db
    .insertInto('residents')
    .values(
      ids.map(id => ({
        id: `r-${id}`,
        areaId,
        name: `老人${id}`,
        ...UNSAID,
        wandering: 0,
        livesAlone: 0,
        timeZone: 'Asia/Shanghai',
        wakingFrom: '07:00',
        wakingTo: '21:00',
        createdAt: 0,
      })),
    )
    .execute()
  await db
    .insertInto('devices')
    .values(
      ids.map(id => ({
        id,
        kind: 'bracelet' as const,
        protocol: 'mqtt' as const,
        areaId: 'root',
        secretHash: '',
        createdAt: 0,
      })),
    )
    .execute()
  await db
    .insertInto('assignments')
    .values(ids.map(id => ({ id: `a-${id}`, deviceId: id, residentId: `r-${id}`, fromAt: 0, toAt: null })))
    .execute()
  return ids
}

export const silence = (deviceId: string, more: Partial<Finding> = {}): Partial<Finding> => ({
  kind: 'silent',
  severity: 'notice',
  deviceId,
  evidence: { silentForMs: 11 * MINUTE, intervalMs: MINUTE },
  ...more,
})
export const heard = (deviceId: string) => silence(deviceId, { ended: true })

/** The only outage there is. */
export async function outageOf(desk: Desk): Promise<Alarm> {
  const open = (await desk.alarms('emergency')).filter(({ kind }) => kind === 'area_outage')
  if (open.length !== 1 || !open[0]) throw new Error(`one outage was expected, not ${open.length}`)
  return open[0]
}
export const openNoticesOf = async (desk: Desk): Promise<Alarm[]> =>
  (await desk.alarms('technical')).filter(({ state }) => state === 'raised')
/** Devices that stand on the list of an outage. */
export const membersOf = (timeline: readonly TimelineEntry[]) =>
  timeline.flatMap(({ kind, detail }) =>
    kind === 'finding' && detail.kind === 'silent' ? [String(detail.deviceId)] : [],
  )
