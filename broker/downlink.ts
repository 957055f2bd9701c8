// Commands down to the devices that this broker holds. They are rows: a nudge says that there is a new one, a sweep
// finds those that a nudge missed, and a device that begins to listen is looked up. In memory stand only the devices
// that listen and have something to do, and when; what, is read when its time has come.
//
//   row ─► nudge or sweep ─► due devices ─► claimed in the row ─► PUBLISH ─► PUBACK: sent ─► its answer: acked, failed

import { parseCommandAck } from '../model/command.ts'
import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import {
  claimCommands,
  commandsAfter,
  expireCommands,
  newestCommand,
  noteAnswers,
  noteDelivered,
  type PendingCommand,
  pendingCommands,
} from '../records/downlink.ts'
import { slicesOf } from '../records/slices.ts'
import { createPile } from './answer-pile.ts'
import { FIRST_RETRY_MS, planOf } from './attempts.ts'
import { createDue } from './due.ts'
import { createListeners, isFree, sendCommand, takeAcknowledged } from './listeners.ts'
import type { Session } from './sessions.ts'
import { startTurns } from './turns.ts'

export type Downlink = {
  /** The connection listens for its commands, at most at this QoS: what waits for its device is sent at once. */
  listen(session: Session, qos: number): void
  /** It does not any more. */
  unlisten(session: Session): void
  /** A PUBACK of the connection. */
  acknowledged(session: Session, packetId: number): void
  /** What a device says about a command, as it came. Never throws; what makes no sense is counted. */
  answered(deviceId: string, payload: Uint8Array): void
  /** Writes down what was heard, as far as the records are there. Nothing is sent afterwards. */
  stop(): Promise<void>
}

/** Looks for commands are not closer together than this: those that are written together leave together. */
const LOOK_EVERY_MS = 20
const CHECK_EVERY_MS = 1_000
const SWEEP_EVERY_MS = 5_000
/** A connection that takes nothing at present is tried again after this. */
const BUSY_MS = 1_000
/** New commands, and devices, that are read at once. */
const PAGE = 1_000
const DEVICES_A_READ = 100
const ANSWERS_A_WRITE = 500
/** No sensible answer is longer. */
const ANSWER_BYTES_MAX = 16 * 1_024

/** Starts to send. While the records are away it tries again, and forgets nothing: all of it is in the rows. */
export function startDownlink({
  records,
  clock,
  log,
  metrics,
  firstRetryMs = FIRST_RETRY_MS,
  checkEveryMs = CHECK_EVERY_MS,
  sweepEveryMs = SWEEP_EVERY_MS,
}: {
  records: Pick<Records, 'db' | 'read' | 'nudge'>
  clock: Clock
  log: Log
  metrics: Metrics
  firstRetryMs?: number
  checkEveryMs?: number
  sweepEveryMs?: number
}): Downlink {
  const listeners = createListeners()
  const heard = createPile()
  const delivered = new Set<string>()
  const due = createDue()
  /** The place of the newest command that was looked at. */
  let cursor: number | undefined
  let sweptAt = Number.NEGATIVE_INFINITY

  async function look(): Promise<void> {
    const isSweep = performance.now() - sweptAt >= sweepEveryMs
    const failures: unknown[] = []
    for (const part of [writeAnswers, writeDelivered, isSweep ? sweep : findNew, sendDue]) {
      // What one of them cannot do must not keep the others from their work.
      await part().catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }

  async function writeAnswers(): Promise<void> {
    // What comes meanwhile waits for the next turn: whoever talks without end must not keep others from being told.
    for (let left = heard.size(); left > 0; left -= ANSWERS_A_WRITE) {
      const answers = heard.take(ANSWERS_A_WRITE)
      try {
        const outcomes = await noteAnswers(records, { answers, at: clock.now() })
        for (const outcome of outcomes) metrics.commands.inc({ outcome: OUTCOMES[outcome] })
      } catch (error) {
        heard.putBack(answers)
        throw error
      }
    }
  }

  async function writeDelivered(): Promise<void> {
    const ids = [...delivered]
    const count = await noteDelivered(records, { ids, at: clock.now() })
    for (const id of ids) delivered.delete(id)
    if (count > 0) metrics.commands.inc({ outcome: 'delivered' }, count)
  }

  async function sweep(): Promise<void> {
    const newest = await newestCommand(records.read)
    // An older database was put in its place: what it holds is new to us.
    if (cursor !== undefined && newest < cursor) {
      cursor = newest
      for (const deviceId of listeners.deviceIds()) due.add(deviceId, { inMs: 0, isFresh: false })
    }
    await findNew()
    const expired = await expireCommands(records, clock.now())
    if (expired > 0) metrics.commands.inc({ outcome: 'expired' }, expired)
    sweptAt = performance.now()
  }

  async function findNew(): Promise<void> {
    // At first none is new: whoever listens is looked up anyway.
    cursor ??= await newestCommand(records.read)
    for (let more = true; more; ) {
      const found = await commandsAfter(records.read, { seq: cursor, limit: PAGE })
      for (const { deviceId } of found) {
        if (listeners.of(deviceId)) due.add(deviceId, { inMs: 0, isFresh: false })
      }
      cursor = found.at(-1)?.seq ?? cursor
      more = found.length === PAGE
    }
  }

  async function sendDue(): Promise<void> {
    // What is written after a device was looked up is new; only from here on that is noticed.
    if (cursor === undefined) return
    for (const slice of slicesOf(due.ready(), DEVICES_A_READ)) {
      const looks = slice.map(deviceId => ({ deviceId, ...due.take(deviceId) }))
      try {
        await sendTo(looks)
      } catch (error) {
        for (const { deviceId, isFresh } of looks) due.add(deviceId, { inMs: 0, isFresh })
        throw error
      }
    }
  }

  async function sendTo(looks: readonly Look[]): Promise<void> {
    const there = looks.flatMap(look => {
      const session = listeners.of(look.deviceId)
      if (session === undefined) return [] // it is looked up when it comes back
      if (isFree(session)) return [{ ...look, session }]
      due.add(look.deviceId, { inMs: BUSY_MS, isFresh: look.isFresh })
      return []
    })
    const ids = there.map(({ deviceId }) => deviceId)
    const pending = Map.groupBy(await pendingCommands(records.read, ids), ({ deviceId }) => deviceId)
    const now = clock.now()
    const planned = there.map(({ deviceId, isFresh, session }) => {
      const plan = planOf(pending.get(deviceId) ?? [], { now, isFresh, firstRetryMs })
      return { deviceId, session, plan }
    })
    const wanted = planned.flatMap(({ plan }) => plan.send.map(({ id }) => id))
    const claimed = await claimCommands(records, { ids: wanted, at: now })
    for (const { deviceId, session, plan } of planned) {
      const isThrough = sendAll(
        session,
        plan.send.filter(({ id }) => claimed.has(id)),
      )
      if (!isThrough) due.add(deviceId, { inMs: BUSY_MS, isFresh: true })
      else if (plan.nextInMs !== null) due.add(deviceId, { inMs: plan.nextInMs, isFresh: false })
    }
  }

  /** False when the connection took not all of it. One that has made way for another one needs nothing. */
  function sendAll(session: Session, commands: readonly PendingCommand[]): boolean {
    for (const { id, name, argsJson, expiresAt } of commands) {
      if (listeners.of(session.deviceId) !== session) return true
      if (!sendCommand(session, { id, name, args: JSON.parse(argsJson), expiresAt })) return false
      metrics.commands.inc({ outcome: 'sent' })
      if (session.commands?.qos === 0) delivered.add(id)
    }
    return true
  }

  const failed = 'commands could not be read or written; they are tried again'
  const turns = startTurns({ clock, everyMs: LOOK_EVERY_MS, run: look, failed, log })
  const unsubscribe = records.nudge.subscribe('commands', () => void turns.next())
  const timer = setInterval(() => {
    const isSwept = performance.now() - sweptAt < sweepEveryMs
    if (!isSwept || heard.size() > 0 || delivered.size > 0 || due.ready().length > 0) void turns.next()
  }, checkEveryMs)
  timer.unref()
  void turns.next()

  return {
    listen(session, qos) {
      const isFresh = listeners.add(session, qos)
      due.add(session.deviceId, { inMs: 0, isFresh })
      void turns.next()
    },
    unlisten: listeners.remove,
    acknowledged(session, packetId) {
      const id = takeAcknowledged(session, packetId)
      if (id === undefined) return
      delivered.add(id)
      void turns.next()
    },
    answered(deviceId, payload) {
      const ack = readAck(payload)
      if (ack === null) metrics.commands.inc({ outcome: 'unreadable_answer' })
      else if (heard.add({ ...ack, deviceId })) void turns.next()
      else metrics.commands.inc({ outcome: 'dropped_answer' })
    },
    async stop() {
      clearInterval(timer)
      unsubscribe()
      await turns.stop()
      await writeAnswers()
        .then(writeDelivered)
        .catch((error: unknown) => log.warn({ error }, 'answers to commands could not be written down'))
    },
  }
}

const OUTCOMES = { acked: 'acked', failed: 'failed', late: 'late_answer', unknown: 'unknown_answer' } as const

function readAck(payload: Uint8Array) {
  if (payload.length > ANSWER_BYTES_MAX) return null
  return parseCommandAck(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString())
}

/** A device to be looked up. */
type Look = { deviceId: string; isFresh: boolean }
