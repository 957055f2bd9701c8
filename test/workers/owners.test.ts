// Two processes of workers over one log: they share it, hand it over and take it up from each other, and what they
// find is found once, whatever happens to one of them.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { encodeEntry } from '../../broker/entry.ts'
import { openSqliteStream } from '../../broker/stream.sqlite.ts'
import { type CommitRequest, type OpenStream, partitionOf, type Stream } from '../../broker/stream.ts'
import { workersCheck } from '../../gateway/checks.ts'
import { startMetrics } from '../../metrics.ts'
import { epochMs } from '../../model/units.ts'
import { openRecords, type Records } from '../../records/db.ts'
import { startNudge } from '../../records/nudge.ts'
import { startWorkers, type Workers } from '../../workers/consume.ts'
import { RULES } from '../../workers/rules/index.ts'
import { eventually } from '../eventually.ts'
import { said } from './log.ts'
import { pressesOn, SOON } from './presses.ts'
import { silentLog } from './silent.ts'

const PARTITIONS = 4
const clock = { now: () => epochMs(Date.now()) }

let folder: string
let engine: OpenStream
let records: Records
const roll = new Map<string, number>()
const started: Workers[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anxin-owners-'))
  engine = await openSqliteStream({ dataDir: folder, partitions: PARTITIONS, boundBytes: 1e9, clock })
  records = await openRecords({ dataDir: folder, clock, nudge: startNudge() })
  roll.clear()
})
afterEach(async () => {
  await Promise.all(started.splice(0).map(workers => workers.stop()))
  await engine.close()
  await records.close()
  await rm(folder, { recursive: true })
})

/** The roll of processes that share an engine; the embedded one has only one process. */
const shared: Pick<OpenStream, 'rollCall' | 'owners'> = {
  async rollCall({ member, ttlMs }) {
    if (ttlMs > 0) roll.set(member, Date.now() + ttlMs)
    else roll.delete(member)
    return [...roll]
      .filter(([, until]) => until > Date.now())
      .map(([name]) => name)
      .sort()
  },
  owners: () => engine.owners(),
}

type Parts = { stream?: Stream; roll?: typeof shared; read?: Records['read'] }

function start(owner: string, { stream = engine.stream, roll = shared, read = records.read }: Parts = {}) {
  const { metrics } = startMetrics()
  const workers = startWorkers({
    stream,
    roll,
    partitions: PARTITIONS,
    rules: RULES,
    records: { ...records, read },
    clock,
    log: silentLog,
    metrics,
    owner,
  })
  started.push(workers)
  return workers
}

/** A process that can be stopped as by SIGSTOP: while it is, nothing that it asked for comes back. */
function pausable() {
  let gate: PromiseWithResolvers<void> | undefined
  const through = <A extends unknown[], R>(ask: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      await gate?.promise
      const answer = await ask(...args)
      await gate?.promise
      return answer
    }
  }
  const { append, read, commit, load, lease, trim } = engine.stream
  return {
    stream: {
      append: through(append),
      read: through(read),
      commit: through(commit),
      load: through(load),
      lease: through(lease),
      trim: through(trim),
    },
    roll: { rollCall: through(shared.rollCall), owners: through(shared.owners) },
    pause() {
      gate = Promise.withResolvers()
    },
    goOn() {
      gate?.resolve()
      gate = undefined
    },
  }
}

test('one that comes takes its half, one that leaves gives it back, and every press is found once', {
  timeout: 30_000,
}, async () => {
  const { pressing, ownersAre, foundAll } = pressesOn(engine)
  start('a')
  const presses = pressing()
  await ownersAre({ a: 4 })
  const b = start('b')
  await ownersAre({ a: 2, b: 2 })
  await b.ready
  await b.stop()
  await ownersAre({ a: 4 })
  await foundAll(await presses.stop())
})

test('one that was paused past its lease notices, is fenced, and goes on with what is its own', {
  timeout: 30_000,
}, async () => {
  const { pressing, ownersAre, foundAll } = pressesOn(engine)
  const hands = pausable()
  start('a', hands)
  start('b')
  await ownersAre({ a: 2, b: 2 })
  const presses = pressing()
  hands.pause()
  await ownersAre({ b: 4 })
  hands.goOn()
  await ownersAre({ a: 2, b: 2 })
  await foundAll(await presses.stop())
})

test('what a tenure still commits that could not give its lease up is not taken for the next one of its process', {
  timeout: 30_000,
}, async () => {
  const { press, ownersAre, foundAll } = pressesOn(engine)
  const { read, lease, commit } = engine.stream
  const commits: CommitRequest[] = []
  let failed = 0
  let isAway = false
  const answers = (isAsked: boolean): void => {
    if (!isAway || !isAsked) return
    failed++
    throw new Error('the engine is away')
  }
  const stream: Stream = {
    ...engine.stream,
    async read(request) {
      answers(true)
      return read(request)
    },
    async lease(request) {
      answers(request.ttlMs === 0)
      return lease(request)
    },
    async commit(request) {
      commits.push(request)
      return commit(request)
    },
  }
  start('a', { stream })
  await ownersAre({ a: 4 })
  await foundAll([await press(1)])
  const late = commits.find(({ findings }) => findings.length > 0) as CommitRequest
  isAway = true
  await eventually(() => expect(failed).toBeGreaterThan(2 * PARTITIONS), SOON)
  isAway = false
  await press(41) // the same device, and so the same partition
  await foundAll(['press-1', 'press-41'])
  const next = commits.findLast(({ findings }) => findings.length > 0) as CommitRequest
  expect([next.partition, next.lane]).toEqual([late.partition, late.lane])
  const { cursor: expected } = next
  expect(await commit({ ...late, expected, cursor: String(Number(expected) + 1) })).toBe('fenced')
})

test('a takeover needs no records, and rejects that cannot be kept hold nobody up', {
  timeout: 30_000,
}, async () => {
  const { press, ownersAre, foundAll } = pressesOn(engine)
  const a = start('a')
  await ownersAre({ a: 4 })
  const isAway = new Proxy(records.read, {
    get() {
      throw new Error('the records are away')
    },
  })
  vi.spyOn(records.db, 'transaction').mockImplementation(() => {
    throw new Error('the records are away')
  })
  await a.stop()
  start('b', { read: isAway })
  await ownersAre({ b: 4 })
  const data = encodeEntry({ run: 'r', batch: 1, records: [said('d1', 'telemetry', Date.now(), 'rubbish')] })
  await engine.stream.append([{ partition: partitionOf('d1', PARTITIONS), lane: 'routine', data }])
  await foundAll([await press(1), await press(2)])
  vi.restoreAllMocks()
})

test('a partition without an owner is red and named, one that is being handed over is not', async () => {
  const owners: (string | null)[][] = [
    ['a', null, 'b', null],
    ['a', 'b', 'b', null],
  ]
  const asked = { owners: async () => owners.shift() ?? ['a', 'b', 'b', 'a'] }
  const { check } = workersCheck({ engine: asked, lookAgainAfterMs: 1 })
  expect(await check()).toEqual({
    ok: false,
    reason: 'not_worked_on',
    detail: '3 of 4 partitions are worked on; nobody works on 3',
  })
  expect(await check()).toEqual({ ok: true, detail: '4 of 4 partitions are worked on, by 2 processes' })
})
