// Figures are counted twice: by the database, and by a plain walk through the same timelines. Both must agree, on
// whatever happened.

import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ANSWER_LIMITS_MS, ON_SITE_LIMITS_MS, type Spread } from '../../model/figures.ts'
import type { Disposition, EntryKind } from '../../model/incident.ts'
import { epochMs } from '../../model/units.ts'
import type { Records } from '../../records/db.ts'
import type { Asked } from '../../records/stats.ts'
import { alarmFigures } from '../../records/stats-alarms.ts'
import { alarmLoad } from '../../records/stats-load.ts'
import { answerTimes, onSiteTimes } from '../../records/stats-times.ts'
import { DAY, HOUR, MINUTE, NOON, settle } from '../alerts/desk.ts'
import { ASKED, first, happened, type Mark, NOW, nothingHappened, type Story } from './happened.ts'
import { newRecords } from './started.ts'

let records: Records
beforeAll(async () => {
  records = await newRecords({ now: () => epochMs(NOW) })
  await settle(records.db)
})
afterAll(() => records.close())

const SPAN = 30 * HOUR
const aMark = fc.oneof(
  fc.record({
    kind: fc.constant('finding' as const),
    reason: fc.constantFrom('worsened', 'realert', 'repeat'),
  }),
  fc.record({
    kind: fc.constantFrom<EntryKind>(
      'accepted',
      'taken_over',
      'released',
      'lapsed',
      'noted',
      'resolved',
      'reopened',
      'closed',
      'dispatched',
      'arrived',
    ),
    by: fc.constantFrom('chen', 'liu', 'song'),
  }),
)
const aStory: fc.Arbitrary<Story> = fc
  .record({
    areaId: fc.constantFrom('wh-1', 'wh', 'qd'),
    class: fc.constantFrom('emergency' as const, 'service' as const),
    state: fc.constantFrom('raised' as const, 'dispatched' as const, 'resolved' as const),
    disposition: fc.constantFrom<Disposition | undefined>(
      'hospital',
      'false_alarm',
      'test',
      'brought_home',
      undefined,
    ),
    startMs: fc.integer({ min: -SPAN, max: SPAN }),
    steps: fc.array(fc.tuple(aMark, fc.integer({ min: 0, max: 4 * MINUTE })), { maxLength: 12 }),
  })
  .map(({ startMs, steps, disposition, ...rest }) => {
    let at = NOON + startMs
    const marks: Mark[] = [first(at)]
    for (const [mark, afterMs] of steps) {
      at += afterMs
      marks.push({ ...mark, at })
    }
    return { ...rest, marks, ...(disposition && { disposition }) }
  })

type Took = { tookMs: number | null; waitedMs: number | null; at: number }

/** The same, by walking through each timeline as the desk lived it. */
function naiveClocks(stories: readonly Story[], { from, to }: { from: number; to: number }): Took[] {
  return stories.flatMap(({ marks }) => {
    const done: Took[] = []
    let open: number | null = null
    let isAnswered = false
    for (const { kind, reason, at } of marks) {
      const isAlert = kind === 'finding' && ['first', 'worsened', 'realert'].includes(reason ?? '')
      if (isAlert && (reason !== 'realert' || isAnswered)) open = at
      if (isAlert) isAnswered = false
      if (['accepted', 'taken_over', 'handed_on', 'reopened'].includes(kind)) {
        if (open !== null) done.push({ at: open, tookMs: Math.max(0, at - open), waitedMs: null })
        open = null
        isAnswered = true
      }
      if (kind === 'released' || kind === 'lapsed') isAnswered = false
      if (kind === 'resolved' || kind === 'closed') {
        if (open !== null) done.push({ at: open, tookMs: null, waitedMs: Math.max(0, at - open) })
        open = null
        isAnswered = false
      }
    }
    if (open !== null) done.push({ at: open, tookMs: null, waitedMs: NOW - open })
    return done.filter(({ at }) => at >= from && at < to)
  })
}

function naiveSpread(all: readonly Took[], limitsMs: readonly number[]): Spread {
  const took = all.flatMap(({ tookMs }) => tookMs ?? []).sort((a, b) => a - b)
  const rank = (share: number): number | null => took[Math.ceil(took.length * share) - 1] ?? null
  return {
    count: all.length,
    done: took.length,
    medianMs: rank(0.5),
    p90Ms: rank(0.9),
    within: limitsMs.map(limitMs => {
      const count = took.filter(ms => ms <= limitMs).length
      const late = all.filter(({ tookMs, waitedMs }) => tookMs === null && (waitedMs ?? -1) > limitMs).length
      const of = took.length + late
      return { limitMs, count, of, share: of === 0 ? null : count / of }
    }),
  }
}

const localDay = (at: number): string => new Date(at + 8 * HOUR).toISOString().slice(0, 10)

const asked: Asked = { ...ASKED, areaId: 'wh', from: NOON - DAY, to: NOON + DAY }
const mine = (stories: readonly Story[]) => stories.filter(({ areaId }) => areaId !== 'qd')

test('the database and a walk through the timelines agree', async () => {
  await fc.assert(
    fc
      .asyncProperty(fc.array(aStory, { maxLength: 12 }), async stories => {
        await happened(records, ...stories)
        await agrees(stories)
      })
      .beforeEach(() => nothingHappened(records)),
    { numRuns: 25 },
  )
})

async function agrees(stories: readonly Story[]): Promise<void> {
  const emergencies = mine(stories).filter(story => story.class === 'emergency')
  const clocks = naiveClocks(emergencies, asked)
  const found = await answerTimes(records.read, asked, 'emergency')
  expect(found.total).toEqual(naiveSpread(clocks, ANSWER_LIMITS_MS))
  const byDay = Map.groupBy(clocks, ({ at }) => localDay(at))
  expect(found.days).toEqual(
    [...byDay.keys()].sort().map(day => ({ day, ...naiveSpread(byDay.get(day) ?? [], ANSWER_LIMITS_MS) })),
  )

  const visits = emergencies.flatMap(({ marks, state }) => {
    const [sent] = marks.filter(({ kind }) => kind === 'dispatched').map(({ at }) => at)
    const [there] = marks.filter(({ kind }) => kind === 'arrived').map(({ at }) => at)
    if (sent === undefined || sent < asked.from || sent >= asked.to) return []
    const isOpen = state === 'raised' || state === 'dispatched'
    const tookMs = there === undefined ? null : Math.max(0, there - sent)
    return { at: sent, tookMs, waitedMs: tookMs === null && isOpen ? NOW - sent : null }
  })
  const onSite = await onSiteTimes(records.read, asked)
  expect(onSite.fromDispatch.total).toEqual(naiveSpread(visits, ON_SITE_LIMITS_MS))

  const load = new Map<string, number>()
  for (const { kind, at, by } of mine(stories).flatMap(({ marks }) => marks)) {
    if (!['accepted', 'taken_over', 'handed_on', 'reopened'].includes(kind)) continue
    if (at < asked.from || at >= asked.to) continue
    const key = `${Math.floor(at / HOUR) * HOUR} ${by}`
    load.set(key, (load.get(key) ?? 0) + 1)
  }
  const { hours } = await alarmLoad(records.read, asked)
  expect(new Map(hours.map(({ at, user, alarms }) => [`${at} ${user.id}`, alarms]))).toEqual(load)

  const raised = mine(stories).filter(({ marks: [begun] }) => {
    const at = begun?.at ?? 0
    return at >= asked.from && at < asked.to
  })
  const judged = raised.filter(
    story => story.class === 'emergency' && story.disposition && story.disposition !== 'test',
  )
  const { total } = await alarmFigures(records.read, asked)
  expect(total).toMatchObject({
    alarms: raised.length,
    judged: judged.length,
    falseAlarms: judged.filter(({ disposition }) => disposition === 'false_alarm').length,
    broughtHome: raised.filter(({ disposition }) => disposition === 'brought_home').length,
  })
}
