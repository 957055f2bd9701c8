// What ended a wait for findings is at hand: it is not read once more while an alarm waits.

import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openOutbox } from '../../alerts/outbox.ts'
import type { LogEntry, ReadRequest } from '../../broker/stream.ts'
import type { Lane } from '../../model/lane.ts'
import { type Desk, finding, NOON, openDesk } from './desk.ts'

const never = () => new AbortController().signal

/** A stream that keeps its entries, and what was asked of it. */
function openStream() {
  const entries: (LogEntry & { partition: number })[] = []
  const asked: ReadRequest[] = []
  let said = Promise.withResolvers<void>()
  const deaf = new Set<number>()
  return {
    asked,
    /** Waits of this partition end late, and hear nothing. */
    turnDeaf: (partition: number) => void deaf.add(partition),
    say(partition: number, lane: Lane, position: string) {
      const data = Buffer.from(
        JSON.stringify([finding({ receivedAt: NOON, id: `${partition}-${lane}-${position}` })]),
      )
      entries.push({ partition, lane, position, data } as (typeof entries)[number])
      said.resolve()
      said = Promise.withResolvers()
    },
    async read(request: ReadRequest): Promise<LogEntry[]> {
      asked.push(request)
      const { partition, after, waitMs } = request
      const found = () =>
        entries.filter(
          one => one.partition === partition && Number(one.position) > Number(after[one.lane] ?? Infinity),
        )
      if (waitMs > 0 && deaf.has(partition)) return wait(2 * waitMs, [])
      const isOver = AbortSignal.timeout(waitMs)
      while (!isOver.aborted && found().length === 0) await Promise.race([said.promise, wait(waitMs)])
      return found()
    },
    trim: async () => undefined,
  }
}

async function start(onTestFinished: (close: Desk['close']) => void, held = [0, 1]) {
  const desk = await openDesk()
  onTestFinished(desk.close)
  const stream = openStream()
  const outbox = openOutbox({ stream, db: desk.records.db, clock: desk.clock, held: () => held })
  const next = async () => {
    const batch = await outbox.next(100)
    if (batch) outbox.applied(batch)
    return batch?.entries.flatMap(({ findings }) => findings.map(({ id }) => id))
  }
  expect(await next()).toBeUndefined() // the cursors are known from here on
  return { stream, outbox, next, held }
}

test('an alarm that a wait was ended by is taken without another read, and once', async ({
  onTestFinished,
}) => {
  const { stream, outbox, next } = await start(onTestFinished)
  stream.say(1, 'urgent', '1')
  await outbox.wait(never())
  await outbox.settled()
  const before = stream.asked.length
  expect(await next()).toEqual(['1-urgent-1'])
  expect(stream.asked).toHaveLength(before)
  expect(await next()).toBeUndefined()
})

test('what a wait brought of another lane is read again, behind what is urgent', async ({
  onTestFinished,
}) => {
  const { stream, outbox, next } = await start(onTestFinished)
  stream.say(0, 'routine', '1')
  await outbox.wait(never())
  await outbox.settled()
  stream.say(1, 'urgent', '1')
  expect(await next()).toEqual(['1-urgent-1'])
  expect(await next()).toEqual(['0-routine-1'])
})

test('what was waited for is not taken of a partition that is no longer held, nor from behind another cursor', async ({
  onTestFinished,
}) => {
  const { stream, outbox, next, held } = await start(onTestFinished)
  stream.say(0, 'urgent', '1')
  await outbox.wait(never())
  await outbox.settled()
  held.shift()
  expect(await next()).toBeUndefined()
  held.unshift(0)
  await outbox.wait(never())
  await outbox.settled()
  outbox.forget()
  const before = stream.asked.length
  expect(await next()).toEqual(['0-urgent-1'])
  expect(stream.asked.length).toBeGreaterThan(before)
})

test('a partition that is waited for is not read as well, until the wait is overdue', async ({
  onTestFinished,
}) => {
  const { stream, outbox, next } = await start(onTestFinished)
  stream.turnDeaf(0)
  const waiting = outbox.wait(never())
  stream.say(1, 'urgent', '1')
  await waiting
  const before = stream.asked.length
  expect(await next()).toEqual(['1-urgent-1'])
  expect(await next()).toBeUndefined()
  expect(new Set(stream.asked.slice(before).map(({ partition }) => partition))).toEqual(new Set([1]))
  stream.say(0, 'urgent', '1')
  await outbox.wait(never())
  expect(await next()).toEqual(['0-urgent-1'])
})
