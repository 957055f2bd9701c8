// Two processes of `alerts` over one log and one database: one works, the other stands by and takes over, and each
// finding is on the desk once, whatever happens to the first.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { adoptStream } from '../../alerts/adopt.ts'
import { type Intake, startIntake } from '../../alerts/intake.ts'
import { openSqliteStream } from '../../broker/stream.sqlite.ts'
import type { OpenStream, Stream } from '../../broker/stream.ts'
import { startLog } from '../../log.ts'
import { HubError } from '../../model/error.ts'
import type { Finding } from '../../model/finding.ts'
import type { Records } from '../../records/db.ts'
import { eventually } from '../eventually.ts'
import { type Desk, finding, NOON, openDesk } from './desk.ts'
import { type OutLog, openOutLog, PARTITIONS } from './out-log.ts'

let desk: Desk
let out: OutLog
const started: Intake[] = []
const lines: string[] = []
const log = startLog({ level: 'info', destination: { write: line => void lines.push(line) } })
const SOON = { interval: 20 }

beforeEach(async () => {
  desk = await openDesk()
  // Leases are real time here: the desk's own clock stands still.
  out = await openOutLog({ dataDir: desk.dataDir, clock: { now: () => Date.now() as never } })
  lines.length = 0
})
afterEach(async () => {
  await Promise.all(started.splice(0).map(intake => intake.stop()))
  await out.close()
  await desk.close()
})

type Hands = Pick<Stream, 'read' | 'lease' | 'trim'>

function start(owner: string, stream: Hands = out.stream, records: Records = desk.records): Intake {
  const { clock, metrics } = desk
  const intake = startIntake({ stream, partitions: PARTITIONS, records, clock, log, metrics, owner })
  started.push(intake)
  return intake
}

/** A process that can be stopped as by SIGSTOP: while it is, nothing that it asked for comes back. */
function pausable() {
  let gate: PromiseWithResolvers<void> | undefined
  const through = <A extends unknown[], R>(ask: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      const answer = await ask(...args)
      await gate?.promise
      return answer
    }
  }
  const { read, lease, trim } = out.stream
  return {
    stream: { read: through(read), lease: through(lease), trim: through(trim) },
    pause() {
      gate = Promise.withResolvers()
    },
    goOn() {
      gate?.resolve()
      gate = undefined
    },
  }
}

/** The records as one process sees them that may lose its way to them. */
function losable() {
  let isAway = false
  const { records } = desk
  const db = new Proxy(records.db, {
    get(target, name) {
      if (isAway) throw new HubError('UNAVAILABLE', 'the records database cannot be reached')
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const lose = (): void => {
    isAway = true
  }
  return { records: { ...records, db }, lose }
}

async function say(partition: number): Promise<Finding> {
  const sos = finding({ receivedAt: NOON })
  await out.say(partition, 'urgent', sos)
  return sos
}

const recorded = async (): Promise<(string | null)[]> =>
  (await desk.records.db.selectFrom('timeline').select('findingId').orderBy('seq').execute()).map(
    row => row.findingId,
  )
const ids = (...findings: Finding[]) => findings.map(({ id }) => id).sort()
const areRecorded = (...findings: Finding[]) =>
  eventually(async () => expect(await recorded()).toEqual(findings.map(({ id }) => id)), SOON)

test('one that stands still is replaced when its leases have ended, and doubles nothing when it goes on', async () => {
  const hands = pausable()
  start('one', hands.stream)
  const first = await say(0)
  await areRecorded(first)
  start('two')
  hands.pause()
  const second = await say(0)
  await areRecorded(first, second)
  hands.goOn()
  const third = await say(3)
  await areRecorded(first, second, third)
})

test('one that alone has lost its way to the records leaves the work to another', async () => {
  const { records, lose } = losable()
  start('one', out.stream, records)
  const first = await say(0)
  await areRecorded(first)
  start('two')
  lose()
  const second = await say(0)
  const third = await say(3)
  await eventually(async () => expect((await recorded()).sort()).toEqual(ids(first, second, third)), SOON)
})

test('one that takes up its leases again later reads on from where the other has come', async () => {
  const hands = pausable()
  start('one', hands.stream)
  const first = await say(0)
  await areRecorded(first)
  const two = start('two')
  hands.pause()
  const second = await say(0)
  await areRecorded(first, second)
  hands.goOn()
  await two.stop()
  const third = await say(0)
  await areRecorded(first, second, third)
})

test('one that starts beside another forgets no cursor of it', async () => {
  const engine: OpenStream = await openSqliteStream({
    dataDir: desk.dataDir,
    partitions: PARTITIONS,
    boundBytes: 1e9,
    clock: desk.clock,
  })
  const { records } = desk
  await adoptStream({ records, engine, log })
  start('one')
  const first = await say(0)
  await areRecorded(first)
  const cursors = () => records.db.selectFrom('cursors').selectAll().orderBy('log').execute()
  const before = await cursors()
  await adoptStream({ records, engine, log })
  expect(await cursors()).toEqual(before)
  expect(lines.join()).not.toContain('read anew')
  await engine.close()
})

test('a database that was away is noticed within about a second', { timeout: 40_000 }, async () => {
  start('one')
  const first = await say(0)
  await areRecorded(first)
  const down = vi.spyOn(desk.records.db.getExecutor(), 'provideConnection').mockImplementation(() => {
    throw new Error('the database is away')
  })
  const second = await say(0)
  // Long enough for the pauses between the tries to have grown as long as they get.
  await eventually(() => expect(down.mock.calls.length).toBeGreaterThan(6))
  down.mockRestore()
  await areRecorded(first, second)
})
