// A whole gateway over real records on a free port, and people at it: sign in, call, follow the feed.

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import WebSocket, { type ClientOptions } from 'ws'
import type { Guard } from '../../alerts/channels/guard.ts'
import { openAlarmDesk } from '../../alerts/desk.ts'
import type { CallSettings } from '../../gateway/calls.ts'
import type { HttpLimits } from '../../gateway/door.ts'
import type { FeedLimits } from '../../gateway/feed/limits.ts'
import type { FindingsSource } from '../../gateway/feed/unrecorded.ts'
import { type Gateway, startGateway } from '../../gateway/http.ts'
import { hashPassword } from '../../gateway/passwords.ts'
import type { Past } from '../../gateway/past.ts'
import { type Check, type Readiness, startReadiness } from '../../gateway/readiness.ts'
import { startMetrics } from '../../metrics.ts'
import { ROOT_AREA_ID } from '../../model/area.ts'
import { HubError } from '../../model/error.ts'
import type { FeedMessage } from '../../model/feed.ts'
import { newSecret } from '../../model/id.ts'
import type { Log } from '../../model/log.ts'
import type { MapGround } from '../../model/map.ts'
import type { Clock } from '../../model/time.ts'
import { epochMs } from '../../model/units.ts'
import type { Role } from '../../model/user.ts'
import type { Records } from '../../records/db.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { startSession } from '../../records/sessions.ts'
import { createUser } from '../../records/users.ts'
import { eventually } from '../eventually.ts'
import { newRecords } from '../records/started.ts'

export const PASSWORD = 'a password for tests'
const passwordHash = await hashPassword(PASSWORD)

export type TestClock = Clock & { advance(ms: number): void }

export function testClock(): TestClock {
  let now = Date.UTC(2026, 9, 12, 8)
  return {
    now: () => epochMs(now),
    advance(ms) {
      now += ms
    },
  }
}

export type Logged = { level: string; facts: object; message: string }

export function testLog(lines: Logged[] = []): Log {
  const at = (level: string) => (facts: object, message: string) => void lines.push({ level, facts, message })
  const log: Log = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => log,
  }
  return log
}

export type Answer = {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what they expect to be there
  body: any
}

export type Person = {
  id: string
  token: string
  call(method: string, path: string, body?: unknown): Promise<Answer>
}

export type TestDesk = {
  url: string
  gateway: Gateway
  /** They answer the test also while they are away for the gateway. */
  records: Records
  outage: { isOn: boolean; refused: number }
  readiness: Readiness
  clock: TestClock
  logged: Logged[]
  metric(line: RegExp): Promise<number>
  /** Somebody who is signed in, of the root area or another one. */
  person(role: Role, areaId?: string): Promise<Person>
  follow(person: Pick<Person, 'token'>, query?: string): Promise<Follower>
}

export async function startDesk({
  checks = [],
  consoleDir = join(tmpdir(), 'anxin-no-console'),
  feedLimits = {},
  httpLimits = {},
  everyMs = 60_000,
  findings,
  past,
  guard,
  telephone,
  mapGround,
  requiresSecondFactor = false,
  ends = onTestFinished,
}: {
  checks?: Check[]
  consoleDir?: string
  feedLimits?: Partial<FeedLimits>
  httpLimits?: Partial<HttpLimits>
  everyMs?: number
  findings?: (clock: Clock) => Promise<FindingsSource>
  past?: Past
  guard?: Guard
  telephone?: CallSettings
  mapGround?: MapGround
  requiresSecondFactor?: boolean
  /** When it is over: with the test, unless several share it. */
  ends?: (stop: () => Promise<void>) => void
} = {}): Promise<TestDesk> {
  const clock = testClock()
  const logged: Logged[] = []
  const log = testLog(logged)
  const kept = await newRecords(clock)
  ends(kept.close)
  const outage = { isOn: false, refused: 0 }
  const records = thatCanBeAway(kept, outage)
  const { metrics, registry } = startMetrics()
  const readiness = startReadiness({ checks, log, everyMs })
  const gateway = await startGateway({
    records,
    clock,
    log,
    metrics,
    registry,
    readiness,
    alarms: openAlarmDesk({ records, clock, metrics }),
    config: { port: 0, host: '127.0.0.1', consoleDir, requiresSecondFactor },
    feedLimits,
    httpLimits,
    ...(findings && { findings: await findings(clock) }),
    ...(past && { past }),
    ...(guard && { guard }),
    ...(telephone && { telephone }),
    ...(mapGround && { mapGround }),
  })
  ends(async () => {
    readiness.stop()
    await gateway.stop()
  })
  const { url } = gateway.address
  let people = 0
  return {
    url,
    gateway,
    records: kept,
    outage,
    readiness,
    clock,
    logged,
    async metric(line) {
      const found = line.exec(await (await fetch(`${url}/metrics`)).text())
      return Number(found?.[1] ?? Number.NaN)
    },
    async person(role, areaId = ROOT_AREA_ID) {
      const name = `${role}${++people}`
      const user = { username: name, name, role, areaId, passwordHash }
      const { id } = await createUser(kept, { scope: WHOLE_HUB, user, at: clock.now() })
      const token = newSecret()
      await startSession(kept.db, { token, userId: id, at: clock.now() })
      return { id, token, call: (method, path, body) => call(url, { method, path, body, token }) }
    },
    follow: ({ token }, query = '') => follow(`${url.replace('http', 'ws')}/ws/console${query}`, token),
  }
}

/** Records as the gateway sees them: while an outage is on, whatever is asked of them fails. */
function thatCanBeAway(records: Records, outage: TestDesk['outage']): Records {
  const away = new Proxy(records.db, {
    get() {
      outage.refused++
      throw new HubError('UNAVAILABLE', 'the records are away')
    },
  })
  return {
    ...records,
    get db() {
      return outage.isOn ? away : records.db
    },
    get read() {
      return outage.isOn ? away : records.read
    },
    get feed() {
      return outage.isOn ? away : records.feed
    },
    get figures() {
      return outage.isOn ? away : records.figures
    },
  }
}

/** One request; `path` starts below `/api/v1` unless it is absolute. */
export async function call(
  url: string,
  {
    method = 'GET',
    path,
    body,
    token,
    headers = {},
  }: { method?: string; path: string; body?: unknown; token?: string; headers?: Record<string, string> },
): Promise<Answer> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  const isJson = /[/+]json\b/.test(answer.headers.get('content-type') ?? '')
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text }
}

export type Follower = {
  messages: FeedMessage[]
  /** Places of the alarm messages, in the order in which they came. */
  seqs(): number[]
  send(message: unknown): void
  socket: WebSocket
  /** The close code, once closed. */
  closed: Promise<number>
  until(fits: (messages: FeedMessage[]) => boolean): Promise<void>
}

/**
 * Opens a socket of the feed and waits until it says something, so that what comes after is live and not replayed;
 * rejects with the status when the upgrade is refused.
 */
export async function follow(url: string, token?: string, options: ClientOptions = {}): Promise<Follower> {
  const socket = new WebSocket(url, token === undefined ? [] : ['token', token], options)
  const messages: FeedMessage[] = []
  socket.on('message', data => messages.push(JSON.parse(String(data)) as FeedMessage))
  const closed = new Promise<number>(resolve => socket.once('close', resolve))
  const spoke = new Promise<void>(resolve => socket.once('message', () => resolve()))
  onTestFinished(() => socket.terminate())
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
    socket.once('unexpected-response', (_request, response) => reject(new Error(`${response.statusCode}`)))
  })
  socket.on('error', () => undefined)
  await Promise.race([spoke, closed])
  return {
    messages,
    seqs: () => messages.flatMap(message => (message.type === 'alarm' ? [message.seq] : [])),
    send: message => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    socket,
    closed,
    until: fits =>
      eventually(
        () => {
          if (!fits(messages))
            throw new Error(`the feed says ${JSON.stringify(messages.slice(-3)).slice(0, 1_000)}`)
        },
        { interval: 5 },
      ),
  }
}
