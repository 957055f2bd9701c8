import { expect, it } from 'vitest'
import { PROBE_EVERY_MS } from '../../../console/shell/probe.ts'
import type { SocketHandlers } from '../../../console/shell/socket.ts'
import type { BoardEvent } from '../../../console/wall/board.ts'
import { type OpenList, SILENT_AFTER_MS, startWallFeed } from '../../../console/wall/feed.ts'

const HELLO = JSON.stringify({ type: 'hello', at: 0, epoch: 'e', seq: 7, oldest: 1 })
const PING = JSON.stringify({ type: 'ping', at: 0 })

/** A wall without a browser: time stands until it is moved. */
function started({ isAway = false } = {}) {
  let now = 0
  let isThere = !isAway
  let isListed = !isAway
  const timers = new Map<number, { at: number; callback(): void }>()
  let next = 0
  const sockets: { path: string; handlers: SocketHandlers; sent: string[]; closed: boolean }[] = []
  const events: BoardEvent[] = []
  const list: OpenList = { alarms: [], seq: 7 }
  const feed = startWallFeed({
    loadOpen: async () =>
      isListed ? { ok: true, value: list } : { ok: false, problem: { code: 'UNREACHABLE' } },
    probe: async () => isThere,
    openSocket(path, handlers) {
      const socket = { path, handlers, sent: [] as string[], closed: false }
      sockets.push(socket)
      return {
        send: text => void socket.sent.push(text),
        close() {
          socket.closed = true
        },
      }
    },
    happened: event => void events.push(event),
    now: () => now,
    after(ms, callback) {
      const id = next++
      timers.set(id, { at: now + ms, callback })
      return () => void timers.delete(id)
    },
  })
  const settle = async () => {
    for (let i = 0; i < 10; i++) await Promise.resolve()
  }
  return {
    feed,
    sockets,
    socket: () => sockets.at(-1) as (typeof sockets)[number],
    links: () => events.flatMap(event => (event.type === 'link' ? event.link.state : [])),
    set(there: boolean) {
      isThere = there
      isListed = there
    },
    settle,
    async forward(ms: number) {
      const until = now + ms
      for (;;) {
        const due = [...timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0]
        if (!due) break
        timers.delete(due[0])
        now = due[1].at
        due[1].callback()
        await settle()
      }
      now = until
      await settle()
    },
  }
}

it('reads the list, follows from its place, and answers the heartbeat', async () => {
  const wall = started()
  await wall.settle()
  expect(wall.socket().path).toBe('/ws/console?since=7')
  wall.socket().handlers.onText(HELLO)
  wall.socket().handlers.onText(PING)
  expect(wall.links()).toEqual(['live'])
  expect(wall.socket().sent).toEqual(['{"type":"pong"}'])
})

it('is broken at once when the socket closes, and comes back with a new list', async () => {
  const wall = started()
  await wall.settle()
  wall.socket().handlers.onText(HELLO)
  wall.socket().handlers.onClose(1001)
  expect(wall.links()).toEqual(['live', 'broken'])
  await wall.forward(1_000)
  expect(wall.sockets).toHaveLength(2)
  wall.socket().handlers.onText(HELLO)
  expect(wall.links()).toEqual(['live', 'broken', 'live'])
})

it('notices a cut cable by its probe within seconds, long before the heartbeat is missed', async () => {
  const wall = started()
  await wall.settle()
  wall.socket().handlers.onText(HELLO)
  wall.set(false)
  await wall.forward(PROBE_EVERY_MS + 1)
  expect(wall.links().slice(0, 2)).toEqual(['live', 'broken'])
  expect(PROBE_EVERY_MS * 2).toBeLessThan(SILENT_AFTER_MS)
})

it('goes on trying for as long as nobody answers, every few seconds', async () => {
  const wall = started({ isAway: true })
  await wall.settle()
  await wall.forward(60_000)
  expect(wall.sockets).toHaveLength(0)
  wall.set(true)
  await wall.forward(6_000)
  expect(wall.sockets).toHaveLength(1)
})

it('heals after the browser has lost its network, also where the old socket is none the wiser', async () => {
  const wall = started()
  await wall.settle()
  wall.socket().handlers.onText(HELLO)
  wall.feed.lost()
  expect(wall.links()).toEqual(['live', 'broken'])
  wall.feed.retryNow()
  await wall.settle()
  expect(wall.sockets).toHaveLength(2)
  wall.socket().handlers.onText(HELLO)
  expect(wall.links().at(-1)).toBe('live')
})

it('ends a socket that says nothing any more', async () => {
  const wall = started()
  await wall.settle()
  const first = wall.socket()
  first.handlers.onText(HELLO)
  await wall.forward(SILENT_AFTER_MS + 1)
  expect(wall.links()).toContain('broken')
  expect(first.closed).toBe(true)
})

it('says nothing after it was stopped', async () => {
  const wall = started()
  await wall.settle()
  wall.feed.stop()
  wall.socket().handlers.onText(HELLO)
  await wall.forward(60_000)
  expect(wall.links()).toEqual([])
})
