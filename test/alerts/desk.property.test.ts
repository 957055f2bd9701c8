// Whatever findings, people and time do, in whatever order, on real records: these things hold.

import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FINDING_KINDS, type Severity, severityRank } from '../../model/finding.ts'
import { ACTIONS, DISPOSITIONS, type IncidentState, type TimelineEntry } from '../../model/incident.ts'
import type { Row } from '../../records/schema.ts'
import { ACCOUNTS, type Desk, openDesk, SECOND, type Who } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const happening = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('find' as const),
      kind: fc.constantFrom(...FINDING_KINDS),
      severity: fc.constantFrom('notice', 'high', 'critical'),
      deviceId: fc.constantFrom('b-li', 'p-li', 'b-wang'),
      ended: fc.constantFrom(true, undefined, undefined),
      bytesHash: fc.constantFrom('x', undefined),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('act' as const),
      who: fc.constantFrom(...(Object.keys(ACCOUNTS) as Who[])),
      action: fc.constantFrom(...ACTIONS, 'accept' as const, 'accept' as const, 'resolve' as const),
      which: fc.nat(5),
      disposition: fc.constantFrom(...DISPOSITIONS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('wait' as const), s: fc.nat(70) }) },
)

test('severity never falls; nobody is lost sight of; the timeline explains the state', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 25 }), async happenings => {
      await desk.clear()
      const gravest = new Map<string, Severity>()
      for (const it of happenings) {
        const ids = (await rows()).map(({ id }) => id)
        if (it.does === 'find') {
          const { does, severity, ended, bytesHash, ...rest } = it
          await desk.take({
            ...rest,
            severity: severity as Severity,
            ...(ended && { ended }),
            ...(bytesHash !== undefined && { bytesHash }),
          })
        } else if (it.does === 'act') {
          const id = ids[it.which % Math.max(1, ids.length)]
          if (id) await desk.act(it.who, it.action, id, { disposition: it.disposition, text: 'a word' })
        } else {
          desk.wait(it.s * SECOND)
          await desk.sweep()
        }
        await everythingHolds(gravest)
      }
    }),
    { numRuns: 30 },
  )
})

const rows = (): Promise<Row<'incidents'>[]> =>
  desk.records.db.selectFrom('incidents').selectAll().orderBy('id').execute()

async function everythingHolds(gravest: Map<string, Severity>): Promise<void> {
  const open = new Set<string>()
  for (const row of await rows()) {
    const isOpen = row.state !== 'resolved' && row.state !== 'closed'
    const key = `${row.subjectId} ${row.class}`
    if (isOpen && open.has(key)) throw new Error(`two open incidents of ${key}`)
    if (isOpen) open.add(key)

    expect(severityRank(row.severity)).toBeGreaterThanOrEqual(severityRank(gravest.get(row.id) ?? 'notice'))
    gravest.set(row.id, row.severity)

    if (row.class !== 'technical') expect(row.escalateAt === null).toBe(!isOpen)
    if (row.state === 'raised') expect(row.ownerId).toBeNull()
    if (row.state === 'accepted') expect(row.ownerId).not.toBeNull()
    expect(row.leaseUntil !== null).toBe(isOpen && row.ownerId !== null)

    const timeline = await desk.timeline(row.id)
    expect(told(timeline)).toEqual({ state: row.state, ownerId: row.ownerId })
    expect(timeline.at(-1)?.seq).toBe(row.seq)
  }
}

/** The state and the owner as a reader of the timeline alone would tell them. */
function told(timeline: readonly TimelineEntry[]): { state: IncidentState; ownerId: string | null } {
  let state: IncidentState = 'raised'
  let ownerId: string | null = null
  for (const { kind, by = null } of timeline) {
    if (kind === 'accepted' || kind === 'taken_over' || kind === 'reopened') {
      ownerId = by
      if (state === 'raised' || kind === 'reopened') state = 'accepted'
    } else if (kind === 'released' || kind === 'lapsed') {
      ownerId = null
      if (state === 'accepted') state = 'raised'
    } else if (kind === 'dispatched' || kind === 'arrived' || kind === 'resolved' || kind === 'closed') {
      state = kind
    }
  }
  return { state, ownerId }
}
