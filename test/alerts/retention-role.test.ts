// Who lets go of what is old, and when: one process, once a day, never by a clock that has leapt.

import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openRetention, type RetentionDeps } from '../../alerts/retention.ts'
import { RETENTION } from '../../model/retention.ts'
import { changePolicies } from '../../records/retention.ts'
import { askRun, beginRun, listRuns, openRun } from '../../records/retention-runs.ts'
import type { RetainLimits } from '../../workers/history.ts'
import { type Logged, testLog } from '../gateway/desk.ts'
import { DAY, type Desk, MINUTE, openDesk } from './desk.ts'
import { closedAlarm, countsOf, idsOf } from './ended.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const YEARS_5 = RETENTION.incidents.days * DAY
const closed = (): Promise<string> => closedAlarm(desk)
const ids = (): Promise<string[]> => idsOf(desk)

describe('the role', () => {
  /** A process with a clock of the desk, and a lease that somebody may hold. */
  function process_(given: Partial<RetentionDeps> = {}) {
    const logged: Logged[] = []
    const stopping = new AbortController()
    onTestFinished(() => stopping.abort())
    const holder = { of: 'me' }
    const stream = {
      lease: async ({ owner }: { owner: string }) => (owner === holder.of ? { fence: 1 } : null),
    }
    const deps: RetentionDeps = { ...desk, stream, owner: 'me', log: testLog(logged), ...given }
    return { look: openRetention(deps, stopping.signal), holder, logged, stopping }
  }

  test('does it once a day, and at once when it is asked', async () => {
    const { look } = process_()
    const days = 90
    await changePolicies(desk.records, { change: { incidents: days }, at: desk.now(), by: 'root' })
    await closed()
    expect(await look()).toBe('not_yet')
    for (let day = 0; day < days; day += 5) {
      desk.wait(5 * DAY)
      expect([await look(), await look()]).toEqual(['its_time', 'not_yet'])
    }
    expect(await ids()).toHaveLength(1) // to the minute
    desk.wait(MINUTE)
    await askRun(desk.records, { at: desk.now(), by: 'root' })
    expect(await look()).toBe('asked')
    expect(await ids()).toEqual([])
    expect((await listRuns(desk.records.db, 10)).slice(0, 2)).toMatchObject([
      { because: 'asked', state: 'done', askedBy: 'root', counts: [{ class: 'incidents', items: 1 }] },
      { because: 'schedule', state: 'done', counts: [] },
    ])
  })

  test('lets go of nothing by a clock that has leapt, and says so once', async () => {
    const { look, logged } = process_()
    await look()
    await closed()
    desk.wait(2 * YEARS_5)
    expect([await look(), await look()]).toEqual(['clock_leapt', 'clock_leapt'])
    expect(await ids()).toHaveLength(1)
    expect(logged.filter(({ level }) => level === 'error')).toHaveLength(1)
    await askRun(desk.records, { at: desk.now(), by: 'root' })
    expect([await look(), await look()]).toEqual(['asked', 'not_yet'])
    expect(await ids()).toEqual([])
  })

  test('is in one process; another one takes a run over that was begun', async () => {
    await closed()
    desk.wait(YEARS_5 + DAY)
    await beginRun(desk.records, { asked: undefined, at: desk.now() })
    const one = process_()
    const other = process_({ owner: 'other' })
    expect(await other.look()).toBe('not_mine')
    expect(await ids()).toHaveLength(1)
    one.holder.of = 'nobody'
    other.holder.of = 'other'
    expect(await other.look()).toBe('goes_on')
    expect(await ids()).toEqual([])
  })

  test('stops after the slice that it is at', async () => {
    for (let i = 0; i < 25; i++) await closed()
    desk.wait(YEARS_5 + DAY)
    await askRun(desk.records, { at: desk.now(), by: 'root' })
    const { look, stopping } = process_()
    stopping.abort()
    await look()
    expect(await ids()).toHaveLength(5)
    expect(await openRun(desk.records.db)).toMatchObject({ state: 'running' })
    expect(await process_().look()).toBe('goes_on')
    expect(await countsOf(desk, (await listRuns(desk.records.db, 1))[0]?.id ?? '')).toEqual({ incidents: 25 })
  })

  test('says what it could not do, counts it, and does it later', async () => {
    await closed()
    desk.wait(YEARS_5 + DAY)
    await askRun(desk.records, { at: desk.now(), by: 'root' })
    const isAway = { now: true }
    const limits: RetainLimits[] = []
    const history = {
      async *retain(asked: RetainLimits) {
        if (isAway.now) throw new Error('the history is away')
        limits.push(asked)
        yield { positions: 5, readings: 3 }
        yield { positions: 2, readings: 0 }
      },
    }
    const { look } = process_({ history })
    await expect(look()).rejects.toThrow('the history is away')
    expect(await listRuns(desk.records.db, 1)).toMatchObject([{ state: 'running', failure: 'INTERNAL' }])
    isAway.now = false
    expect(await look()).toBe('goes_on')
    const [{ positionsBefore = 0, readingsBefore = 0 } = {}] = limits
    expect((readingsBefore - positionsBefore) / DAY).toBe(RETENTION.tracks.days - RETENTION.vitals.days)
    const [done] = await listRuns(desk.records.db, 1)
    expect(done).toMatchObject({ state: 'done', failure: null })
    expect(done?.counts).toMatchObject([
      { class: 'incidents', items: 1 },
      { class: 'tracks', items: 7 },
      { class: 'vitals', items: 3 },
    ])
    const metrics = await desk.registry.metrics()
    expect(metrics).toContain('anxin_retention_failures_total 1')
    expect(metrics).toContain('anxin_retention_deleted_total{class="tracks"} 7')
    expect(metrics).toContain(`anxin_retention_run_timestamp_seconds ${desk.now() / 1_000}`)
  })
})
