// The feed's rows: commit order without holes, replay, and the note that a person saw an alarm.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { lastSeq } from '../../records/db.ts'
import { feedAfter, markSeen, oldestSeq } from '../../records/timeline.ts'
import { type Desk, MINUTE, openDesk, type Who } from '../alerts/desk.ts'

let desk: Desk
let start: number
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())
beforeEach(async () => {
  await desk.clear()
  start = await lastSeq(desk.records.db, 'feed')
})

const feed = (seq = start, limit = 100) => feedAfter(desk.records.read, { seq, limit })

describe('the feed', () => {
  test('carries every entry in commit order, with its alarm and the area that may see it', async () => {
    await desk.take({}, { deviceId: 'b-zhao' })
    const { id } = (await desk.alarms()).find(({ subject }) => subject.id === 'li') ?? { id: '' }
    await desk.does('chen', 'accept', id)
    const rows = await feed()
    expect(rows.map(({ entry, alarm, areaPath }) => [entry.kind, alarm.subject.id, areaPath])).toEqual([
      ['finding', 'li', '/root/wh/wh-1/'],
      ['finding', 'zhao', '/root/qd/'],
      ['accepted', 'li', '/root/wh/wh-1/'],
    ])
    expect(rows.map(({ entry }) => entry.seq)).toEqual([start + 1, start + 2, start + 3])
    expect(rows[2]?.entry).toMatchObject({ by: 'chen' })
    expect(rows[2]?.alarm).toMatchObject({ state: 'accepted', owner: { name: '陈静' }, seq: start + 3 })
  })

  test('is replayed from any place, in pieces', async () => {
    await desk.take({}, {}, {}, {})
    const [first, ...rest] = await feed()
    expect((await feed(first?.entry.seq, 2)).map(({ entry }) => entry.seq)).toEqual(
      rest.slice(0, 2).map(({ entry }) => entry.seq),
    )
    expect(await feed(start + 4)).toEqual([])
  })

  test('has no holes under concurrent writers', async () => {
    await Promise.all([
      ...Array.from({ length: 10 }, () => desk.take({}, { deviceId: 'b-wang' })),
      ...Array.from({ length: 5 }, () => desk.sweep()),
    ])
    const seqs = (await feed()).map(({ entry }) => entry.seq)
    expect(seqs).toEqual(Array.from({ length: 20 }, (_, i) => start + 1 + i))
  })

  test('names the oldest place that it can replay', async () => {
    expect(await oldestSeq(desk.records.read)).toBe(start + 1)
    await desk.take({}, {})
    expect(await oldestSeq(desk.records.read)).toBe(start + 1)
  })
})

describe('seen', () => {
  const sees = async (userId: Who, seq?: number) =>
    markSeen(desk.records, {
      userId,
      upTo: seq ?? (await lastSeq(desk.records.db, 'feed')),
      at: desk.now(),
    })
  const seen = async (id: string) =>
    (await desk.timeline(id)).filter(({ kind }) => kind === 'seen').map(({ by, detail }) => [by, detail.seq])

  test('is noted once a person, however often they say it', async () => {
    await desk.take({})
    const { id } = await desk.alarm()
    for (let n = 0; n < 3; n++) {
      await sees('chen')
      await sees('liu')
    }
    expect(await seen(id)).toEqual([
      ['chen', start + 1],
      ['liu', start + 1],
    ])
  })

  test('is noted anew for a new finding, and only once that was displayed', async () => {
    await desk.take({})
    const { id } = await desk.alarm()
    await sees('chen')
    await desk.take({})
    const { seq } = await desk.byId(id)
    await sees('chen', seq - 1)
    expect(await seen(id)).toHaveLength(1)
    await sees('chen', seq)
    expect(await seen(id)).toEqual([
      ['chen', start + 1],
      ['chen', seq],
    ])
  })

  test.each<[Who, object, string]>([
    ['far', {}, 'an alarm of another area was not on their screen'],
    ['chen', { kind: 'low_battery', severity: 'notice' }, 'a notice needs no proof'],
  ])('is not noted of %s for %j: %s', async (who, given, _reason) => {
    await desk.take(given)
    await sees(who)
    expect(await seen((await desk.alarm()).id)).toEqual([])
  })

  test('is not noted of what is over, nor of what lies further back than it reaches', async () => {
    await desk.take({})
    const { id } = await desk.alarm()
    await sees('song', start + 1 + 2_000)
    expect(await seen(id)).toEqual([])
    await desk.does('chen', 'accept', id)
    await desk.does('chen', 'resolve', id, { disposition: 'test' })
    await sees('song')
    expect(await seen(id)).toEqual([])
  })

  test('is noted of the alarms that were on a screen, each as far as it was, and of no others', async () => {
    await desk.take({}, { deviceId: 'b-zhao' })
    const [li, zhao] = await desk.alarms()
    const noted = async (upTo: Map<string, number>) => {
      await markSeen(desk.records, { userId: 'root', upTo, at: desk.now() })
      return [await seen(li?.id ?? ''), await seen(zhao?.id ?? '')].map(({ length }) => length)
    }
    expect(await noted(new Map([[zhao?.id ?? '', (zhao?.seq ?? 0) - 1]]))).toEqual([0, 0])
    expect(await noted(new Map([[zhao?.id ?? '', zhao?.seq ?? 0]]))).toEqual([0, 1])
    expect(
      await noted(
        new Map([
          [li?.id ?? '', 1e9],
          ['inc_other', 1e9],
        ]),
      ),
    ).toEqual([1, 1])
  })

  test('sends word to the feed, and only when something was noted', async () => {
    let nudges = 0
    const stop = desk.records.nudge.subscribe('feed', () => nudges++)
    await desk.take({})
    await sees('chen')
    await sees('chen')
    expect(nudges).toBe(1)
    stop()
  })

  test('is what a resolve without seenSeq rests on', async () => {
    await desk.take({})
    const { id } = await desk.alarm()
    await desk.does('chen', 'accept', id)
    desk.wait(MINUTE)
    await desk.take({ kind: 'vitals', severity: 'high' })
    const disposition = 'hospital'
    expect(await desk.act('chen', 'resolve', id, { disposition })).toMatchObject({ code: 'ALARM_CHANGED' })
    await sees('chen')
    expect(await desk.act('chen', 'resolve', id, { disposition })).toMatchObject({ ok: true })
  })
})
