// A console that stays: follows the feed of one gateway over all that befalls it, and keeps what it was shown.

import WebSocket from 'ws'
import { z } from 'zod'
import type { Alarm, TimelineEntry } from '../../../model/incident.ts'

/** A message of the feed that has a place. `shownAt`: epoch ms by the clock of the test. */
export type Shown = { seq: number; entry: TimelineEntry; alarm: Alarm; shownAt: number }
/** A critical finding that is shown before it could be recorded. */
export type Unrecorded = { eventId: string | undefined; shownAt: number }

export type Console = {
  readonly name: string
  /** Everything after this place was to be shown. */
  readonly since: number
  readonly shown: readonly Shown[]
  readonly unrecorded: readonly Unrecorded[]
  /** Ids of findings that it shows as not recorded now. */
  standing(): readonly string[]
  /** Times at which the hub told it to begin anew: that must not happen. */
  resets(): number
  connects(): number
  isConnected(): boolean
  close(): void
}

const RECONNECT_MS = 200
const OPEN_WITHIN_MS = 3_000
/** The hub's heartbeat comes every 15 s: a socket that is silent for longer is dead. */
const SILENT_MS = 20_000

const findingSchema = z.looseObject({ id: z.string(), eventId: z.string().optional() })

/** Follows from behind `since`. `token` is asked for at every connection. */
export function openConsole({
  name,
  httpUrl,
  token,
  since = 0,
}: {
  name: string
  httpUrl: string
  token: () => string
  since?: number
}): Console {
  const shown: Shown[] = []
  const unrecorded: Unrecorded[] = []
  const standing = new Set<string>()
  const counts = { resets: 0, connects: 0 }
  let last = since
  let epoch: string | undefined
  let isClosed = false
  let socket: WebSocket

  function hear(text: string): void {
    const message = JSON.parse(text)
    const shownAt = Date.now()
    switch (message.type) {
      case 'hello':
        counts.connects++
        epoch = message.epoch
        standing.clear() // what still stands is told anew
        return
      case 'reset':
        counts.resets++
        return
      case 'alarm':
        shown.push({ seq: message.seq, entry: message.entry, alarm: message.alarm, shownAt })
        last = message.seq
        standing.delete(message.entry.findingId)
        return
      case 'unrecorded': {
        const { id, eventId } = findingSchema.parse(message.finding)
        unrecorded.push({ eventId, shownAt })
        standing.add(id)
        return
      }
      case 'recorded':
        standing.delete(message.findingId)
        return
      case 'ping':
        socket.send('{"type":"pong"}')
    }
  }

  function connect(): void {
    const url = new URL(`${httpUrl.replace('http', 'ws')}/ws/console`)
    url.searchParams.set('since', String(last))
    if (epoch !== undefined) url.searchParams.set('epoch', epoch)
    socket = new WebSocket(url, ['token', token()], { handshakeTimeout: OPEN_WITHIN_MS })
    const silence = setTimeout(() => socket.terminate(), SILENT_MS)
    const opened = socket
    opened.on('message', data => {
      silence.refresh()
      if (opened === socket) hear(String(data))
    })
    opened.on('error', () => undefined) // `close` follows, and with it the next try
    opened.on('close', () => {
      clearTimeout(silence)
      if (!isClosed) setTimeout(connect, RECONNECT_MS)
    })
  }
  connect()

  return {
    name,
    since,
    shown,
    unrecorded,
    standing: () => [...standing],
    resets: () => counts.resets,
    connects: () => counts.connects,
    isConnected: () => socket.readyState === WebSocket.OPEN,
    close() {
      isClosed = true
      socket.terminate()
    },
  }
}
