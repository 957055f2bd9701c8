import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { encodeEntry, type RawRecord } from '../../broker/entry.ts'
import { openSqliteStream } from '../../broker/stream.sqlite.ts'
import { ownerLease, START } from '../../broker/stream.ts'
import { startMetrics } from '../../metrics.ts'
import { HubError } from '../../model/error.ts'
import type { Lane } from '../../model/lane.ts'
import { epochMs } from '../../model/units.ts'
import { openRecords } from '../../records/db.ts'
import { holesOf } from '../../records/holes.ts'
import { startNudge } from '../../records/nudge.ts'
import { READER } from '../../workers/archive.partition.ts'
import { startArchive, withoutArchive } from '../../workers/archive.ts'
import type { History, Kept, OpenHistory } from '../../workers/history.ts'
import { emptyTally, keptOf } from '../../workers/kept.entries.ts'
import { eventually } from '../eventually.ts'
import { NOON, said } from './log.ts'
import { silentLog } from './silent.ts'

/** That an engine cannot pack into less than three quarters. */
const noise = (bytes: number): string => randomBytes(bytes).toString('base64').slice(0, bytes)

const BOUND_BYTES = 400_000
const ALL = { from: 0, to: Number.MAX_SAFE_INTEGER }

/** A history in memory that can be away, and that can lose its answer after it has written. */
function fakeHistory() {
  const kept = new Map<string, Kept>()
  const state = { is: 'there' as 'there' | 'away' | 'silent' | 'losing answers', writes: 0, refusals: 0 }
  const away = () => new HubError('UNAVAILABLE', 'it is away')
  const history: History = {
    async write(entries) {
      state.writes++
      if (state.is === 'silent') return new Promise(() => undefined)
      if (state.is === 'away') state.refusals++
      if (state.is === 'away') throw away()
      const tally = emptyTally()
      for (const one of [...keptOf(entries, tally)].flat())
        kept.set(`${one.deviceId} ${one.type} ${one.at} ${one.nudgeNs}`, one)
      if (state.is === 'losing answers') throw away()
      return tally
    },
    async *read() {},
    buckets: async () => [],
    newest: async () => ({}),
    async *retain() {},
    erase: async () => undefined,
  }
  const open: OpenHistory = { history, ping: async () => undefined, close: async () => undefined }
  return { open, state, steps: () => [...kept.values()].map(stepsOf).sort((a, b) => a - b) }
}

const stepsOf = (kept: Kept): number => (kept.type === 'sample' ? (kept.sample.steps ?? -1) : -1)

async function started() {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-archive-'))
  let now = NOON
  const clock = { now: () => epochMs(now) }
  const engine = await openSqliteStream({ dataDir, partitions: 1, boundBytes: BOUND_BYTES, clock })
  const records = await openRecords({ dataDir, clock, nudge: startNudge() })
  const { metrics, registry } = startMetrics()
  const fake = fakeHistory()
  const { stream } = engine
  const deps = {
    stream,
    engine,
    history: fake.open,
    db: records.db,
    boundBytes: BOUND_BYTES,
    days: 31,
    clock,
  }
  let archive = begin()
  let batch = 0
  let steps = 0

  function begin() {
    const one = startArchive({ ...deps, log: silentLog, metrics })
    one.owned(0)
    return one
  }
  onTestFinished(async () => {
    await archive.stop()
    await engine.close()
    await records.close()
    await rm(dataDir, { recursive: true })
  })

  async function append(lane: Lane, some: RawRecord[]) {
    const data = encodeEntry({ run: 'r', batch: ++batch, records: some })
    return stream.append([{ partition: 0, lane, data }])
  }
  return {
    fake,
    stream,
    engine,
    records,
    /** Samples that count up; what they were refused for is returned. */
    async say(count: number, { bytes = 0 } = {}) {
      now++ // an entry is never stored within the millisecond of the one before
      const samples = Array.from({ length: count }, () =>
        said('d1', 'telemetry', now, { steps: ++steps, pad: noise(bytes) }),
      )
      return append('routine', samples)
    },
    append,
    advance: (ms: number) => {
      now += ms
    },
    now: () => now,
    cursor: async (lane: Lane) =>
      (await engine.readerAt({ partition: 0, lane, side: 'in' }, READER)) ?? START,
    said: () => Array.from({ length: steps }, (_, index) => index + 1),
    async restart() {
      await archive.stop()
      archive = begin()
    },
    /** The rules have folded all there is: from here on the archive alone needs the log. */
    async foldAll() {
      const entries = await stream.read({
        partition: 0,
        side: 'in',
        after: { routine: '0' },
        maxBytes: 1e9,
        waitMs: 0,
      })
      const fold = await stream.load({ partition: 0, lane: 'routine' })
      const lease = await stream.lease({ name: ownerLease(0), owner: 'test', ttlMs: 60_000 })
      const cursor = entries.at(-1)?.position ?? fold.cursor
      const commit = { partition: 0, lane: 'routine' as const, fence: lease?.fence ?? 0, findings: [] }
      await stream.commit({ ...commit, expected: fold.cursor, cursor, state: { set: [], delete: [] } })
      await stream.trim({ partition: 0, lane: 'routine', side: 'in' })
    },
    metric: async (name: string) => {
      const found = await registry.getSingleMetric(name)?.get()
      return found?.values.reduce((sum, { value }) => sum + value, 0) ?? 0
    },
  }
}

const until = (check: () => unknown) => eventually(check, { interval: 20 })

describe('the archive', () => {
  it('writes all that is said, and lets go of the log', async () => {
    const hub = await started()
    await hub.say(500)
    await hub.say(500)
    await until(() => expect(hub.fake.steps()).toEqual(hub.said()))
    await hub.foldAll()
    expect((await hub.engine.usage()).routineBytes).toBeGreaterThan(0)
    await hub.restart() // a stop notes how far it came
    await hub.foldAll()
    expect((await hub.engine.usage()).routineBytes).toBe(0)
  })

  it('misses nothing and doubles nothing when the history is away, loses its answers, and everything starts anew', async () => {
    const hub = await started()
    hub.fake.state.is = 'away'
    for (let i = 0; i < 10; i++) await hub.say(50)
    await until(() => expect(hub.fake.state.refusals).toBeGreaterThan(1))
    await hub.foldAll()
    await hub.restart()
    hub.fake.state.is = 'losing answers'
    const { writes } = hub.fake.state
    await until(() => expect(hub.fake.state.writes).toBeGreaterThan(writes + 1))
    await hub.say(50)
    hub.fake.state.is = 'there'
    await until(() => expect(hub.fake.steps()).toEqual(hub.said()))
    await hub.restart()
    await hub.say(1)
    await until(() => expect(hub.fake.steps()).toEqual(hub.said()))
    expect(await hub.metric('anxin_archive_failures_total')).toBeGreaterThan(2)
    expect(await holesOf(hub.records.read, { partitions: [0], ...ALL })).toEqual([])
  })

  it.each(['away', 'silent'] as const)(
    'gives up its oldest, and says so, before a sample would be turned away: the history is %s',
    async how => {
      const hub = await started()
      await hub.say(10)
      await until(() => expect(hub.fake.steps()).toEqual(hub.said()))
      hub.fake.state.is = how
      const from = hub.said().length
      let shed = 0
      for (let i = 0; i < 40; i++) {
        shed += (await hub.say(20, { bytes: 2_000 })).shed.length
        hub.advance(5_000)
        await hub.foldAll()
        // Above the bound by far in all; the archive makes room as it goes.
        await until(async () =>
          expect((await hub.engine.usage()).routineBytes).toBeLessThan(0.85 * BOUND_BYTES),
        )
      }
      expect(shed).toBe(0)
      hub.fake.state.is = 'there'
      if (how === 'silent') await hub.restart() // whoever waits for an answer waits for it
      hub.advance(-40 * 5_000)
      await until(() => expect(hub.fake.steps().at(-1)).toBe(hub.said().at(-1)))
      const holes = await holesOf(hub.records.read, { partitions: [0], ...ALL })
      const lost = holes.reduce((sum, { records }) => sum + Number(records), 0)
      expect(lost).toBeGreaterThan(0)
      expect(holes[0]).toMatchObject({ partition: 0, lane: 'routine', fromAt: NOON + 2 })
      // Nothing is missing but the hole, and the hole is the oldest.
      expect(hub.fake.steps()).toEqual([...hub.said().slice(0, from), ...hub.said().slice(from + lost)])
      expect(await hub.metric('anxin_archive_given_up_total')).toBe(lost)
    },
    60_000,
  )

  it('keeps what was urgent for a day, and no longer', async () => {
    const hub = await started()
    hub.fake.state.is = 'away'
    const press = (id: string) => hub.append('urgent', [said('d1', 'event', hub.now(), { kind: 'sos', id })])
    const waiting = async () => {
      const asked = { partition: 0, side: 'in' as const, after: { urgent: await hub.cursor('urgent') } }
      return (await hub.stream.read({ ...asked, maxBytes: 1e6, waitMs: 0 })).length
    }
    await press('yesterday')
    await until(() => expect(hub.fake.state.refusals).toBeGreaterThan(0))
    hub.advance(23 * 3_600_000)
    await press('today')
    expect(await waiting()).toBe(2)
    hub.advance(3_600_000)
    await until(async () => expect(await waiting()).toBe(1))
    const holes = await holesOf(hub.records.read, { partitions: [0], ...ALL })
    expect(holes).toMatchObject([{ lane: 'urgent', records: 1 }])
  })

  it('tells how far it is behind', async () => {
    const hub = await started()
    hub.fake.state.is = 'away'
    await hub.say(5)
    await until(() => expect(hub.fake.state.refusals).toBeGreaterThan(0))
    hub.advance(90_000)
    await until(async () => expect(await hub.metric('anxin_archive_lag_seconds')).toBe(90))
    hub.fake.state.is = 'there'
    await until(async () => expect(await hub.metric('anxin_archive_lag_seconds')).toBe(0))
  })

  it('of a hub that keeps no history any more holds no log back', async () => {
    const hub = await started()
    hub.fake.state.is = 'away'
    await hub.say(100)
    await until(() => expect(hub.fake.state.refusals).toBeGreaterThan(0))
    await hub.foldAll()
    expect((await hub.engine.usage()).routineBytes).toBeGreaterThan(0)
    const archive = withoutArchive({ stream: hub.stream, log: silentLog })
    archive.owned(0)
    await until(async () => expect((await hub.engine.usage()).routineBytes).toBe(0))
  })
})
