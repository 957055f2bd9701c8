// Figures are counted twice: by the database, and by a plain walk through the same timelines. Both must agree, on
// whatever happened.

import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ANSWER_LIMITS_MS, ON_SITE_LIMITS_MS, type Spread } from '../../model/figures.ts'
import type { Disposition, EntryKind } from '../../model/incident.ts'
import { epochMs } from '../../model/units.ts'
import type { Records } from '../../records/db.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import type { Asked } from '../../records/stats.ts'
import { alarmFigures } from '../../records/stats-alarms.ts'
import { chatteringDevices, devicesOnline, staleAlarms } from '../../records/stats-devices.ts'
import { alarmFloods, alarmLoad } from '../../records/stats-load.ts'
import { answerTimes, onSiteTimes } from '../../records/stats-times.ts'
import { DAY, HOUR, MINUTE, NOON, QINGDAO, SECOND, settle, WEIHAI } from '../alerts/desk.ts'
import { newRecords } from './started.ts'

const NOW = NOON + DAY
const ZONE = 'Asia/Shanghai'
/** From midnight to midnight in Beijing. */
const ASKED: Asked = {
  scope: WHOLE_HUB,
  areaId: 'root',
  from: NOON - 12 * HOUR,
  to: NOON + 12 * HOUR,
  timeZone: ZONE,
  now: NOW,
}

let records: Records
beforeAll(async () => {
  records = await newRecords({ now: () => epochMs(NOW) })
  await settle(records.db)
})
afterAll(() => records.close())
beforeEach(async () => {
  await records.db.deleteFrom('timeline').execute()
  await records.db.deleteFrom('incidents').execute()
  await records.db.deleteFrom('silences').execute()
  seq = 0
})

type Mark = { kind: EntryKind; at: number; reason?: string; by?: string; deviceId?: string; count?: number }
type Story = {
  areaId?: string
  class?: 'emergency' | 'service' | 'technical'
  state?: 'raised' | 'accepted' | 'dispatched' | 'arrived' | 'resolved' | 'closed'
  disposition?: Disposition
  kind?: 'sos' | 'fall' | 'zone_exit'
  raisedAt?: number
  marks: readonly Mark[]
}

let seq = 0

async function happened(...stories: readonly Story[]): Promise<void> {
  for (const [index, story] of stories.entries()) {
    const id = `i-${index}-${seq}`
    const raisedAt = story.raisedAt ?? story.marks[0]?.at ?? NOON
    await records.db
      .insertInto('incidents')
      .values({
        id,
        class: story.class ?? 'emergency',
        state: story.state ?? 'resolved',
        severity: 'critical',
        kind: story.kind ?? 'sos',
        subjectType: 'resident',
        subjectId: id,
        subjectName: '李',
        areaId: story.areaId ?? 'wh-1',
        deviceId: 'b-li',
        raisedAt,
        alertedAt: raisedAt,
        lateMs: 0,
        acceptedAt: null,
        ownerId: null,
        leaseUntil: null,
        escalation: -1,
        escalateAt: null,
        conditionsJson: '[]',
        disposition: story.disposition ?? null,
        resolvedAt: null,
        previousId: null,
        findings: 1,
        seq: 0,
      })
      .execute()
    if (story.marks.length > 0)
      await records.db
        .insertInto('timeline')
        .values(
          story.marks.map(({ kind, at, by, reason, deviceId = 'b-li', count }) => ({
            seq: ++seq,
            incidentId: id,
            kind,
            at,
            findingId: null,
            eventId: null,
            bytesHash: null,
            byUserId: by ?? null,
            detailJson: JSON.stringify(kind === 'finding' ? { reason, deviceId, count } : {}),
          })),
        )
        .execute()
  }
}

const first = (at: number): Mark => ({ kind: 'finding', reason: 'first', at })
const accepted = (at: number, by = 'chen'): Mark => ({ kind: 'accepted', by, at })
const shares = ({ within }: Spread) => within.map(({ count, of }) => `${count}/${of}`)

describe('answer times', () => {
  const total = async (asked: Partial<Asked> = {}) =>
    (await answerTimes(records.read, { ...ASKED, ...asked }, 'emergency')).total

  test.each<[string, Mark[], number | null, string[]]>([
    [
      'the accept answers the press',
      [first(NOON), accepted(NOON + 12 * SECOND)],
      12 * SECOND,
      ['1/1', '1/1', '1/1', '1/1'],
    ],
    [
      'a limit is met to the second',
      [first(NOON), accepted(NOON + 15 * SECOND)],
      15 * SECOND,
      ['1/1', '1/1', '1/1', '1/1'],
    ],
    [
      'it runs from the finding that raised the severity',
      [
        first(NOON),
        { kind: 'finding', reason: 'worsened', at: NOON + MINUTE },
        accepted(NOON + MINUTE + 5_000),
      ],
      5 * SECOND,
      ['1/1', '1/1', '1/1', '1/1'],
    ],
    [
      'another press meanwhile moves nothing',
      [first(NOON), { kind: 'finding', reason: 'realert', at: NOON + 30_000 }, accepted(NOON + 40_000)],
      40 * SECOND,
      ['0/1', '0/1', '1/1', '1/1'],
    ],
    ['what nobody answers counts against every limit', [first(NOON)], null, ['0/1', '0/1', '0/1', '0/1']],
    [
      'what ended by itself in time is nobody’s failure',
      [first(NOON), { kind: 'closed', at: NOON + 17_000 }],
      null,
      ['0/1', '0/0', '0/0', '0/0'],
    ],
    [
      'clocks that went back make no negative times',
      [first(NOON), accepted(NOON - 5_000)],
      0,
      ['1/1', '1/1', '1/1', '1/1'],
    ],
  ])('%s', async (_reason, marks, medianMs, within) => {
    await happened({ marks })
    const found = await total()
    expect(found).toMatchObject({ count: 1, medianMs })
    expect(shares(found)).toEqual(within)
  })

  test('each re-alert has its own clock', async () => {
    await happened({
      marks: [
        first(NOON),
        accepted(NOON + 10_000),
        { kind: 'finding', reason: 'realert', at: NOON + HOUR },
        { kind: 'released', at: NOON + HOUR + 1_000 },
        { kind: 'taken_over', by: 'song', at: NOON + HOUR + 70_000 },
      ],
    })
    const found = await total()
    expect(found).toMatchObject({ count: 2, done: 2, medianMs: 10_000, p90Ms: 70_000 })
    expect(shares(found)).toEqual(['1/2', '1/2', '1/2', '2/2'])
  })

  test('are of the asked subtree, within the scope, and of the class', async () => {
    const marks = [first(NOON), accepted(NOON + 1_000)]
    await happened({ marks }, { marks, areaId: 'qd' }, { marks, class: 'service' })
    expect((await total()).count).toBe(2)
    expect((await total({ areaId: 'wh' })).count).toBe(1)
    expect((await total({ scope: QINGDAO })).count).toBe(1)
    expect((await total({ scope: QINGDAO, areaId: 'wh' })).count).toBe(0)
    expect((await total({ scope: WEIHAI, areaId: 'root' })).count).toBe(1)
  })

  test('belong to the local day of the alert', async () => {
    const midnight = NOON + 12 * HOUR
    const marks = (at: number) => [first(at), accepted(at + 1_000)]
    await happened({ marks: marks(midnight - 1) }, { marks: marks(midnight) })
    const { days } = await answerTimes(records.read, { ...ASKED, to: NOW }, 'emergency')
    expect(days.map(({ day, count }) => [day, count])).toEqual([
      ['2026-11-21', 1],
      ['2026-11-22', 1],
    ])
  })
})

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

describe('whatever happens', () => {
  const asked: Asked = { ...ASKED, areaId: 'wh', from: NOON - DAY, to: NOON + DAY }
  const mine = (stories: readonly Story[]) => stories.filter(({ areaId }) => areaId !== 'qd')

  test('the database and a walk through the timelines agree', async () => {
    await fc.assert(
      fc
        .asyncProperty(fc.array(aStory, { maxLength: 12 }), async stories => {
          await happened(...stories)
          await agrees(stories)
        })
        .beforeEach(async () => {
          await records.db.deleteFrom('timeline').execute()
          await records.db.deleteFrom('incidents').execute()
        }),
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
})

describe('on-site times', () => {
  test('from the alarm, and not for help that was not needed any more', async () => {
    await happened(
      {
        state: 'arrived',
        marks: [
          first(NOON),
          accepted(NOON + 10_000),
          { kind: 'dispatched', at: NOON + MINUTE },
          { kind: 'arrived', at: NOON + 31 * MINUTE },
        ],
      },
      { state: 'resolved', marks: [first(NOON), { kind: 'dispatched', at: NOON + MINUTE }] },
    )
    const { fromDispatch, fromAlarm } = await onSiteTimes(records.read, ASKED)
    expect(fromDispatch.total).toMatchObject({ count: 2, done: 1, medianMs: 30 * MINUTE })
    expect(shares(fromDispatch.total)).toEqual(['1/1', '1/1'])
    expect(shares(fromAlarm.total)).toEqual(['0/1', '1/1'])
  })
})

describe('floods', () => {
  test('start with the eleventh in ten minutes and end below five', async () => {
    const times = Array.from({ length: 12 }, (_, index) => NOON + index * 10 * SECOND)
    await happened(...times.map(at => ({ marks: [first(at)] })))
    const [flood, ...others] = await alarmFloods(records.read, { ...ASKED, now: NOON + HOUR })
    expect(flood).toEqual({ from: times[10], to: (times[7] ?? 0) + 10 * MINUTE, alarms: 12, most: 12 })
    expect(others).toEqual([])
  })

  test('ten in ten minutes are none', async () => {
    await happened(...Array.from({ length: 10 }, (_, index) => ({ marks: [first(NOON + index)] })))
    expect(await alarmFloods(records.read, ASKED)).toEqual([])
  })
})

describe('devices', () => {
  test('are online unless they are silent', async () => {
    await records.db
      .insertInto('silences')
      .values({
        deviceId: 'b-li',
        areaId: 'wh-1',
        severity: 'notice',
        since: NOON,
        freshUntil: NOON,
        heardAt: null,
        incidentId: null,
        unlisted: null,
      })
      .execute()
    const all = await devicesOnline(records.read, { scope: WHOLE_HUB, areaId: 'root' })
    expect(all.total).toMatchObject({ silent: 1, online: all.total.devices - 1 })
    const far = await devicesOnline(records.read, { scope: QINGDAO, areaId: 'qd' })
    expect(far.total).toMatchObject({ devices: 1, silent: 0, share: 1 })
  })

  test('chatter when three findings come within a minute', async () => {
    const found = (at: number, deviceId: string): Mark => ({
      kind: 'finding',
      reason: 'repeat',
      at,
      deviceId,
    })
    await happened(
      { marks: [0, 20, 40, 200].map(s => found(NOON + s * SECOND, 'b-li')) },
      { marks: [0, 31, 61].map(s => found(NOON + s * SECOND, 'b-wang')) },
      { marks: [{ ...found(NOON, 'b-zhao'), count: 7 }], areaId: 'qd' },
    )
    expect(await chatteringDevices(records.read, ASKED)).toEqual([
      { deviceId: 'b-li', findings: 4, chattered: 1, lastAt: NOON + 200 * SECOND },
      { deviceId: 'b-zhao', findings: 7, chattered: 1, lastAt: NOON },
    ])
    expect(await chatteringDevices(records.read, { ...ASKED, scope: QINGDAO })).toHaveLength(1)
  })

  test('have stale alarms after a day', async () => {
    await happened(
      { state: 'accepted', raisedAt: NOW - DAY - 1, marks: [] },
      { state: 'accepted', raisedAt: NOW - DAY, marks: [] },
      { state: 'closed', raisedAt: NOW - 2 * DAY, marks: [] },
    )
    const stale = await staleAlarms(records.read, { scope: WEIHAI, areaId: 'root', now: NOW })
    expect(stale.map(({ openMs }) => openMs)).toEqual([DAY + 1])
  })
})
