// What holds of the desk at every moment, read from its rows and from the timelines.

import { expect } from 'vitest'
import { UNANSWERED } from '../../../alerts/escalate.ts'
import { PENDING_DISPATCH } from '../../../model/dispatch.ts'
import { severityRank } from '../../../model/finding.ts'
import { OPEN_STATES, type TimelineEntry } from '../../../model/incident.ts'
import type { Row } from '../../../records/schema.ts'
import type { Desk } from '../desk.ts'
import { tell } from '../story.ts'
import type { Model } from './model.ts'

/** No wait of any ladder is longer. */
const LONGEST_WAIT_MS = Math.max(600_000, UNANSWERED.service?.repeatMs ?? 0)

export async function everythingHolds(desk: Desk, model: Model): Promise<void> {
  const open = new Set<string>()
  const rows = await desk.records.db.selectFrom('incidents').selectAll().orderBy('id').execute()
  for (const row of rows) {
    const isOpen = OPEN_STATES.some(state => state === row.state)
    const key = `${row.subjectId} ${row.class}`
    if (isOpen && open.has(key)) throw new Error(`two open incidents of ${key}`)
    if (isOpen) open.add(key)
    expect(severityRank(row.severity)).toBeGreaterThanOrEqual(
      severityRank(model.gravest.get(row.id) ?? 'notice'),
    )
    model.gravest.set(row.id, row.severity)
    ownedAsItShould(row, isOpen)
    if (row.class !== 'technical') expect(row.escalateAt === null).toBe(!isOpen)
    const timeline = await desk.timeline(row.id)
    expect(timeline.at(-1)?.seq).toBe(row.seq)
    nothingIsTakenBack(model, { id: row.id, timeline })
    await storyIsTrue(desk, { row, timeline })
    await procedureStays(desk, model, row.id)
  }
}

function ownedAsItShould(row: Row<'incidents'>, isOpen: boolean): void {
  if (row.state === 'raised') expect(row.ownerId).toBeNull()
  if (row.state === 'accepted') expect(row.ownerId).not.toBeNull()
  expect(row.leaseUntil !== null).toBe(isOpen && row.ownerId !== null)
}

/** After a sweep: whoever is in need is told of again, and soon. */
export async function nobodyIsForgotten(desk: Desk): Promise<void> {
  const rows = await desk.records.db
    .selectFrom('incidents')
    .select(['id', 'escalateAt', 'leaseUntil'])
    .where('class', '!=', 'technical')
    .where('state', 'in', OPEN_STATES)
    .execute()
  for (const { escalateAt, leaseUntil } of rows) {
    expect(escalateAt).toBeGreaterThan(desk.now())
    expect(escalateAt).toBeLessThanOrEqual(desk.now() + LONGEST_WAIT_MS)
    if (leaseUntil !== null) expect(leaseUntil).toBeGreaterThan(desk.now())
  }
}

function nothingIsTakenBack(model: Model, { id, timeline }: { id: string; timeline: TimelineEntry[] }): void {
  const before = model.timelines.get(id) ?? []
  expect(timeline.slice(0, before.length)).toEqual(before)
  model.timelines.set(id, timeline)
}

async function storyIsTrue(
  desk: Desk,
  { row, timeline }: { row: Row<'incidents'>; timeline: TimelineEntry[] },
): Promise<void> {
  const { db } = desk.records
  const dispatches = await db.selectFrom('dispatches').selectAll().where('incidentId', '=', row.id).execute()
  const ticks = await db.selectFrom('ticks').select('stepId').where('incidentId', '=', row.id).execute()
  const { state, ownerId, disposition } = row
  expect(tell(timeline)).toEqual({
    state,
    ownerId,
    disposition,
    dispatches: Object.fromEntries(dispatches.map(one => [one.id, one.state])),
    ticked: ticks.map(({ stepId }) => stepId).sort(),
  })
  const isPending = dispatches.some(one => PENDING_DISPATCH.some(pending => pending === one.state))
  if (isPending) expect(['dispatched', 'arrived']).toContain(state)
  if (state === 'dispatched') expect(isPending).toBe(true)
}

async function procedureStays(desk: Desk, model: Model, incidentId: string): Promise<void> {
  const begun = await desk.records.db
    .selectFrom('begunProcedures')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .executeTakeFirst()
  const text = JSON.stringify(begun ?? null)
  const before = model.begun.get(incidentId)
  if (before !== undefined) expect(text).toBe(before)
  if (begun) model.begun.set(incidentId, text)
}
