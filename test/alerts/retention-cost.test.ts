// Alarms go on while what is old is let go of. How long each of them takes is printed, beside the same without a run:
//
//   RETENTION_INCIDENTS=5000 vitest run test/alerts/retention-cost.test.ts

import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openRetention } from '../../alerts/retention.ts'
import { askRun, listRuns } from '../../records/retention-runs.ts'
import { testLog } from '../gateway/desk.ts'
import { ENGINE } from '../records/started.ts'
import { DAY, type Desk, openDesk } from './desk.ts'
import { SOS } from './ended.ts'

const INCIDENTS = Number(process.env.RETENTION_INCIDENTS ?? 200)
const COMPARED_MS = INCIDENTS * 4
const PRESS_EVERY_MS = 15
const KINDS = ['finding', 'seen', 'accepted', 'told', 'noted', 'resolved', 'noted', 'closed'] as const
/** Rows a statement, while they are put there. */
const AT_ONCE = 50

test('presses reach the desk while a run goes', { timeout: 60_000 + INCIDENTS * 60 }, async () => {
  const desk = await openDesk()
  onTestFinished(desk.close)
  await fill(desk)
  const until = performance.now() + COMPARED_MS
  const before = await press(desk, () => performance.now() > until)
  await askRun(desk.records, { at: desk.now(), by: 'root' })
  const stream = { lease: async () => ({ fence: 1 }) }
  const look = openRetention({ ...desk, stream, owner: 'me', log: testLog() }, new AbortController().signal)
  let isDone = false
  const startedAt = performance.now()
  const running = look().finally(() => {
    isDone = true
  })
  const meanwhile = await press(desk, () => isDone)
  expect(await running).toBe('asked')
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  const [run] = await listRuns(desk.records.db, 1)
  expect(run?.counts).toEqual([
    { class: 'incidents', items: INCIDENTS, rows: INCIDENTS * (1 + KINDS.length) },
  ])
  expect((await desk.alarm()).findings).toBe(before.length + meanwhile.length)
  expect(meanwhile.length).toBeGreaterThan(0)
  process.stdout.write(
    `retention on ${ENGINE}: ${INCIDENTS} incidents in ${seconds} s; a press without ${of(before)}, meanwhile ${of(meanwhile)}\n`,
  )
})

/** Alarms that were closed years ago. */
async function fill({ records: { db }, now }: Desk): Promise<void> {
  const at = now() - 2_000 * DAY
  let seq = 0
  for (let from = 0; from < INCIDENTS; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, INCIDENTS - from) }, (_, i) => from + i)
    await db
      .insertInto('incidents')
      .values(
        some.map(number => ({
          id: `inc-${number}`,
          class: 'emergency' as const,
          state: 'closed' as const,
          ...SOS,
          subjectType: 'resident' as const,
          subjectId: `r-${number % 700}`,
          subjectName: '李',
          areaId: 'wh',
          deviceId: 'd',
          raisedAt: at,
          alertedAt: at,
          lateMs: 0,
          escalation: 0,
          conditionsJson: '[]',
          findings: 1,
          seq: 1,
        })),
      )
      .execute()
    const entries = some.flatMap(number =>
      KINDS.map(kind => ({ seq: ++seq, incidentId: `inc-${number}`, kind, at: at + seq, detailJson: '{}' })),
    )
    await db.insertInto('timeline').values(entries).execute()
  }
  await db.updateTable('counters').set({ value: seq }).where('name', '=', 'feed').execute()
}

/** Presses again and again; how long each took to be on the desk, in ms. */
async function press(desk: Desk, isOver: () => boolean): Promise<number[]> {
  const took: number[] = []
  while (!isOver()) {
    const pressedAt = performance.now()
    await desk.take(SOS)
    took.push(performance.now() - pressedAt)
    await wait(PRESS_EVERY_MS)
  }
  return took
}

function of(took: readonly number[]): string {
  const sorted = took.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)
  return `p50 ${at(0.5)} p99 ${at(0.99)} max ${at(1)} ms (${took.length})`
}
