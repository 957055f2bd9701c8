// A desk that tells people outside of it: the parts of startNotify without their beats, a queue and channels that a test
// looks into, and a process that can be killed between any two calls of its seams.
//
//   mrs li has contacts: mei (daughter, 1, text and mail), jun (son, 2, text), old (neighbour, 3, no way to reach)

import { createHash } from 'node:crypto'
import type { DatabaseConnection } from 'kysely'
import { ChannelError, type Message, type SendReason } from '../../alerts/channels/channel.ts'
import { Held, type Job } from '../../alerts/jobs.ts'
import { LEASE_MS } from '../../alerts/lease.ts'
import { startAllowing } from '../../alerts/notify-allow.ts'
import { createBrake } from '../../alerts/notify-brake.ts'
import type { Channels } from '../../alerts/notify-channels.ts'
import { followAlerts } from '../../alerts/notify-follow.ts'
import { enqueueDeliveries } from '../../alerts/notify-queue.ts'
import { carryOut, giveUp, straightAway } from '../../alerts/notify-send.ts'
import { startSettling } from '../../alerts/notify-settle.ts'
import { replyLinks } from '../../alerts/reply-link.ts'
import { sweepOnce } from '../../alerts/sweep.ts'
import type { ChannelKind } from '../../model/channel.ts'
import type { Db, Records } from '../../records/db.ts'
import { testLog } from '../gateway/desk.ts'
import { deliveriesOf } from './deliveries.ts'
import { openDesk, SECOND } from './desk.ts'

export const KEY = createHash('sha256').update('a key').digest('hex')
export const PUBLIC_URL = 'https://hub.example'
const ATTEMPTS = 3

export type TellingDesk = Awaited<ReturnType<typeof openTelling>>

/** What a message came to: whom by which channel. */
export type Sent = { channelId: string; message: Message }

export async function openTelling() {
  const desk = await openDesk()
  await addPeople(desk.records.db)
  const sent: Sent[] = []
  const failing = new Map<string, SendReason>()
  /** How many messages a minute channels take, by id; all that there are where none is set. */
  const rates = new Map<string, number>()
  const queue = new Map<string, { queue: string; data: Job['data']; failures: number; dueAt?: number }>()

  /** The seams of one process; each call goes through `cut`, before and after it is done. */
  function startProcess(cut: () => void = () => undefined) {
    const records = cutting(desk.records, cut)
    const channels: Channels = {
      of: async id => ({
        kind: 'webhook',
        ...(rates.has(id) && { perMinute: rates.get(id) ?? 0 }),
        async send(message) {
          cut()
          const reason = failing.get(message.to === '' ? id : message.to)
          if (reason) throw new ChannelError(reason, 'it failed')
          sent.push({ channelId: id, message })
          cut()
          return {}
        },
        close: async () => undefined,
      }),
      close: async () => undefined,
    }
    const jobs = {
      async add(name: string, added: readonly { id: string; data: Job['data'] }[]) {
        cut()
        for (const { id, data } of added)
          if (!queue.has(id)) queue.set(id, { queue: name, data, failures: 0 })
        cut()
      },
    }
    const deps = { records, clock: desk.clock, log: testLog([]), metrics: desk.metrics, defaults: [] }
    const mostMs = SECOND
    const settle = startSettling(deps)
    const links = replyLinks({ key: KEY, publicUrl: PUBLIC_URL })
    const brake = createBrake()
    const allow = startAllowing(deps)
    const sending = { ...deps, channels, links, brake, allow, settle, read: straightAway, mostMs }
    const follow = followAlerts(deps)

    async function work(): Promise<void> {
      for (const [id, { data, failures, dueAt = 0 }] of [...queue]) {
        if (dueAt > desk.now()) continue
        const job = { id, data, attempt: failures + 1, signal: new AbortController().signal }
        try {
          await carryOut(sending, job)
          queue.delete(id)
        } catch (error) {
          if (error instanceof Held) {
            queue.set(id, { queue: '', data, failures, dueAt: desk.now() + error.forMs })
            continue
          }
          if (!(error instanceof ChannelError)) throw error
          queue.set(id, { queue: '', data, failures: failures + 1 })
          if (failures + 1 < ATTEMPTS) continue
          await giveUp(sending, job)
          queue.delete(id)
        }
      }
    }

    return {
      /** Alerts are told of, and nothing is sent yet. */
      follow,
      /** Everything that a process does in one second. */
      async turn(): Promise<void> {
        await sweepOnce(deps)
        await follow()
        for (const urgent of [true, false]) await enqueueDeliveries({ ...deps, jobs }, { urgent, mostMs })
        await work()
        // What failed may have asked for somebody else, who is told at once.
        for (const urgent of [true, false]) await enqueueDeliveries({ ...deps, jobs }, { urgent, mostMs })
        await work()
      },
    }
  }

  const process = startProcess()
  const there = new Set<string>()

  async function renew(): Promise<void> {
    if (there.size === 0) return
    const leaseUntil = desk.now() + LEASE_MS
    await desk.records.db
      .updateTable('incidents')
      .set({ leaseUntil })
      .where('id', 'in', [...there])
      .execute()
  }

  return {
    ...desk,
    sent,
    failing,
    rates,
    queue,
    startProcess,
    turn: process.turn,
    follow: process.follow,
    /** Noon again, no alarms, and nothing in the queue. */
    async startAnew(): Promise<void> {
      await desk.clear()
      await desk.records.db.deleteFrom('deliveries').execute()
      await desk.records.db.deleteFrom('tellings').execute()
      await desk.records.db.deleteFrom('allowances').execute()
      queue.clear()
      rates.clear()
      sent.splice(0)
    },
    /** Time passes, a turn in every tenth second of it; of a short time in every one. */
    async goOn(ms: number): Promise<void> {
      const everyMs = ms < 10 * SECOND ? SECOND : 10 * SECOND
      for (let left = ms; left > 0; left -= everyMs) {
        desk.wait(Math.min(left, everyMs))
        await renew()
        await process.turn()
      }
    },
    /** Whoever has the alarm stays at their screen from now on. */
    staysThere(id: string): void {
      there.add(id)
    },
    deliveries: (id: string) => deliveriesOf(desk.records.db, id),
    /** Whom messages went to since this was last asked, as `kind address`. */
    told(): string[] {
      return sent.splice(0).map(({ channelId, message }) => `${channelId} ${message.to}`.trim())
    },
  }
}

/** Transactions of a process that may be killed before one is begun, or after it is committed. */
function cutting(records: Records, cut: () => void): Records {
  async function between<T>(work: () => Promise<T>): Promise<T> {
    cut()
    const result = await work()
    cut()
    return result
  }
  const db = new Proxy(records.db, {
    get(target, name) {
      if (name === 'transaction')
        return () => ({
          execute: (work: Parameters<ReturnType<Db['transaction']>['execute']>[0]) =>
            between(() => target.transaction().execute(work)),
        })
      // What is read and written at once asks for a connection by itself.
      if (name === 'getExecutor')
        return () => ({
          adapter: target.getExecutor().adapter, // by which the engines are told apart
          provideConnection: <T>(work: (connection: DatabaseConnection) => Promise<T>) =>
            between(() => target.getExecutor().provideConnection(work)),
        })
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { ...records, db }
}

export const channel = (id: string, kind: ChannelKind) => ({
  id,
  kind,
  name: id,
  areaId: 'wh',
  configJson: '{}',
  enabled: 1,
  changedAt: 0,
  archivedAt: null,
})

export async function addPeople(db: Db): Promise<void> {
  await db
    .insertInto('channels')
    .values([channel('sms', 'aliyun_sms'), channel('mail', 'smtp')])
    .execute()
  const contact = { residentId: 'li', relation: null, archivedAt: null }
  await db
    .insertInto('contacts')
    .values([
      { id: 'mei', name: '李梅', phone: '19900000001', email: 'mei@example.com', position: 1, ...contact },
      { id: 'jun', name: '李军', phone: '19900000002', position: 2, ...contact },
      { id: 'old', name: '老张', phone: '', position: 3, ...contact },
    ])
    .execute()
}
