// Alarms that are over, for tests of what becomes of them in years.

import { listRuns } from '../../records/retention-runs.ts'
import type { Desk } from './desk.ts'

export const SOS = { kind: 'sos', severity: 'critical' } as const

/** An alarm of a device that was accepted and resolved; returns its id. */
export async function resolvedAlarm(desk: Desk, deviceId = 'b-li'): Promise<string> {
  await desk.take({ ...SOS, deviceId })
  const open = (await desk.alarms()).find(({ state, deviceId: of }) => state === 'raised' && of === deviceId)
  const id = open?.id ?? ''
  await desk.does('chen', 'accept', id)
  await desk.does('chen', 'resolve', id, { disposition: 'helped_at_home' })
  return id
}

/** The same, and closed. */
export async function closedAlarm(desk: Desk, deviceId = 'b-li'): Promise<string> {
  const id = await resolvedAlarm(desk, deviceId)
  await desk.does('chen', 'close', id)
  return id
}

export const idsOf = async (desk: Desk): Promise<string[]> => (await desk.alarms()).map(({ id }) => id)

/** What a run let go of, by class. */
export async function countsOf(desk: Desk, runId: string): Promise<Record<string, number>> {
  const found = (await listRuns(desk.records.db, 10)).find(one => one.id === runId)
  return Object.fromEntries((found?.counts ?? []).map(({ class: name, items }) => [name, items]))
}
