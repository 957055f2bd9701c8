// A desk's feed in virtual time, whose hub answers as a test says.

import type { DeskEvent, Link } from '../../../console/desk/desk.ts'
import { type Feed, startFeed } from '../../../console/desk/feed.ts'
import type { Answer, Problem } from '../../../console/shell/http.ts'
import type { SocketHandlers } from '../../../console/shell/socket.ts'
import type { FeedMessage } from '../../../model/feed.ts'
import type { Alarm } from '../../../model/incident.ts'
import { alarmOf, entryOf } from './given.ts'

type Opened = SocketHandlers & { path: string; sent: unknown[]; closed: boolean }

/** A desk in virtual time, whose hub answers as the test says. */
export function startDesk(
  refusal?: Problem['code'],
  list: { first?: Alarm[]; others?: Alarm[]; next?: string } = {},
) {
  let now = 0
  const timers = new Set<{ at: number; callback(): void }>()
  const sockets: Opened[] = []
  const events: DeskEvent[] = []
  const hub = {
    seq: 10,
    first: [] as Alarm[],
    others: [] as Alarm[],
    othersAway: false,
    next: null as string | null,
    /** Places from which others were asked for. */
    asked: [] as string[],
    refusal,
    loads: 0,
    signedOut: 0,
    isThere: true,
    lastAlert: async () => 7,
    ...list,
  }

  const answer = <T>(value: T): Answer<T> =>
    hub.refusal === undefined ? { ok: true, value } : { ok: false, problem: { code: hub.refusal } }

  const feed: Feed = startFeed({
    async loadOpen() {
      hub.loads += 1
      return answer({ items: [] as Alarm[], seq: hub.seq })
    },
    async loadFirst() {
      hub.loads += 1
      return answer({ items: hub.first, seq: hub.seq, next: hub.next })
    },
    async loadOthers(next) {
      hub.asked.push(next)
      return hub.othersAway ? { ok: false, problem: { code: 'UNREACHABLE' } } : answer(hub.others)
    },
    loadLastAlert: async () => answer(await hub.lastAlert()),
    checkSession: async () => answer({}),
    probe: async () => hub.isThere,
    openSocket(path, handlers) {
      const opened: Opened = { ...handlers, path, sent: [], closed: false }
      sockets.push(opened)
      return {
        send: text => opened.sent.push(JSON.parse(text)),
        close() {
          opened.closed = true
        },
      }
    },
    happened: event => events.push(event),
    onSignedOut() {
      hub.signedOut += 1
    },
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    chance: () => 1,
  })

  const settle = () => new Promise<void>(resolve => setImmediate(resolve))
  const socket = () => sockets.at(-1) as Opened
  const say = (message: FeedMessage | object) => socket().onText(JSON.stringify(message))

  return {
    feed,
    hub,
    sockets,
    events,
    settle,
    socket,
    say,
    hello: (epoch = 'e1') => say({ type: 'hello', at: now, epoch, seq: hub.seq, oldest: 1 }),
    alarm: (seq: number) => say({ type: 'alarm', seq, entry: entryOf({ seq }), alarm: alarmOf({ seq }) }),
    async pass(ms: number) {
      now += ms
      for (const timer of [...timers]) {
        if (timer.at > now || !timers.delete(timer)) continue
        timer.callback()
      }
      await settle()
    },
    link: () =>
      events.reduce<Link>((link, event) => (event.type === 'link' ? event.link : link), {
        state: 'connecting',
      }),
  }
}

export async function startLiveDesk() {
  const desk = startDesk()
  await desk.settle()
  desk.hello()
  return desk
}
