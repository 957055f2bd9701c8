// The console's side of a hub for the oracle's tests: lists and timelines over HTTP, the feed over WebSocket. It
// keeps what it is told to show and replays it from `since`, as the hub does.

import { createServer } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Shown } from '../../simulators/oracle/sighting.ts'

export type Console = {
  hubUrl: string
  /** What clients said, and with which queries they came. */
  heard: string[]
  queries: string[]
  /** Puts an entry on the feed and sends it to whoever is connected. */
  show(entry: Partial<Shown['entry']>, alarm: Partial<Shown['alarm']>): void
  /** Puts an entry on the feed that nobody is told about now. */
  note(entry: Partial<Shown['entry']>, alarm: Partial<Shown['alarm']>): void
  send(message: object): void
  /** From now on the feed is of another database. */
  beginAnew(epoch: string): void
  drop(): void
  stop(): Promise<void>
}

export async function startConsole(): Promise<Console> {
  const feed: Shown[] = []
  const heard: string[] = []
  const queries: string[] = []
  const sockets = new Set<WebSocket>()
  let epoch = 'epoch_1'

  const http = createServer((request, response) => {
    const path = (request.url ?? '').replace('/api/v1', '')
    const alarms = [...new Map(feed.map(({ alarm }) => [alarm.id, alarm])).values()]
    const timeline = feed.filter(({ alarm }) => path === `/alarms/${alarm.id}`).map(({ entry }) => entry)
    const list = { items: alarms, next: null, seq: feed.length }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(path.startsWith('/alarms?') ? list : { timeline }))
  })
  const server = new WebSocketServer({ server: http, path: '/ws/console', handleProtocols: () => 'token' })
  const say = (socket: WebSocket, message: object) => socket.send(JSON.stringify(message))
  const messageOf = ({ entry, alarm }: Shown) => ({ type: 'alarm', seq: entry.seq, entry, alarm })
  server.on('connection', (socket, request) => {
    const { searchParams } = new URL(request.url ?? '', 'http://hub')
    const knows = searchParams.get('epoch')
    queries.push(`${request.headers['sec-websocket-protocol']} ${searchParams}`)
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('message', data => heard.push(String(data)))
    const isKnown = knows === null || knows === epoch
    say(socket, { type: isKnown ? 'hello' : 'reset', epoch, seq: feed.length, oldest: 1 })
    if (!isKnown) return
    for (const shown of feed.slice(Number(searchParams.get('since')))) say(socket, messageOf(shown))
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))

  const note: Console['note'] = (entry, alarm) => {
    feed.push({
      entry: { seq: feed.length + 1, kind: 'finding', at: 1, detail: {}, ...entry },
      alarm: { id: 'inc_1', deviceId: 'd1', kind: 'sos', severity: 'critical', ...alarm },
    })
  }
  const send = (message: object) => {
    for (const socket of sockets) say(socket, message)
  }
  const drop = () => {
    for (const socket of sockets) socket.terminate()
  }
  return {
    hubUrl: `http://127.0.0.1:${(http.address() as { port: number }).port}`,
    heard,
    queries,
    note,
    send,
    drop,
    show(entry, alarm) {
      note(entry, alarm)
      send(messageOf(feed.at(-1) as Shown))
    },
    beginAnew: next => {
      epoch = next
    },
    async stop() {
      drop()
      server.close()
      await new Promise(resolve => http.close(resolve))
    },
  }
}
