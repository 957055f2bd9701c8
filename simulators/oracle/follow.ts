// Follows the console's feed as an operator's browser does: from a place in the list on, over reconnects, with
// heartbeats. What a reset skipped is read from the alarms' timelines, so that a gap is no blindness.

import { WebSocket } from 'ws'
import { z } from 'zod'
import type { Client } from '../client.ts'
import { alarmShownSchema, entryShownSchema, type Shown } from './sighting.ts'
import { readTimelines } from './timelines.ts'

/** The messages that matter here; others may come and are passed over. */
const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), epoch: z.string(), seq: z.number() }),
  z.object({ type: z.literal('reset'), epoch: z.string(), seq: z.number() }),
  z.object({ type: z.literal('alarm'), seq: z.number(), entry: entryShownSchema, alarm: alarmShownSchema }),
  z.object({ type: z.literal('ping') }),
])
type Message = z.infer<typeof messageSchema>

export type Following = {
  /** Resolves once the feed has said hello. */
  ready: Promise<void>
  reconnects(): number
  stop(): void
}

export type FollowOptions = {
  client: Client
  /** The feed is followed from behind this place on. */
  since: number
  onShown(shown: Shown): void
  /** Something of the feed could not be used; following goes on. */
  onTrouble(reason: string): void
}

const RECONNECT_MS = 500
/** The hub's heartbeat comes every 15 s: a socket that is silent for longer is dead. */
const SILENT_MS = 40_000

export function follow({ client, since, onShown, onTrouble }: FollowOptions): Following {
  let last = since
  let epoch: string | undefined
  let connections = 0
  let stopped = false
  let socket: WebSocket
  let retry: NodeJS.Timeout | undefined
  const { promise: ready, resolve: greeted } = Promise.withResolvers<void>()

  let broken = false
  const breakOff = (why: string) => {
    if (broken || stopped) return // once an outage, not once a try
    broken = true
    onTrouble(`the feed broke off at ${last}: ${why}`)
  }
  const greet = () => {
    if (broken) onTrouble(`the feed goes on from ${last}`)
    broken = false
    greeted()
  }
  const hear = (message: Message) => {
    if (message.type === 'ping') return socket.send('{"type":"pong"}')
    if (message.type === 'alarm') {
      last = Math.max(last, message.seq)
      return onShown(message)
    }
    epoch = message.epoch
    if (message.type === 'reset') {
      onTrouble(`the feed began anew at ${message.seq} instead of ${last}: reading the timelines`)
      readTimelines(client, onShown).catch(error => onTrouble(`timelines: ${String(error)}`))
      last = message.seq
    }
    greet()
  }
  const open = () => {
    connections++
    socket = openSocket(client, last, epoch)
    const silence = setTimeout(() => socket.terminate(), SILENT_MS)
    socket.on('message', data => {
      silence.refresh()
      const message = messageSchema.safeParse(jsonOf(String(data)))
      if (message.success) hear(message.data)
    })
    socket.on('error', error => breakOff(error.message))
    socket.on('close', code => {
      clearTimeout(silence)
      breakOff(`closed with code ${code}`)
      if (!stopped) retry = setTimeout(open, RECONNECT_MS)
    })
  }
  open()
  return {
    ready,
    reconnects: () => connections - 1,
    stop() {
      stopped = true
      clearTimeout(retry)
      socket.close()
    },
  }
}

function openSocket({ hubUrl, token }: Client, since: number, epoch: string | undefined): WebSocket {
  const url = new URL(`${hubUrl.replace(/^http/, 'ws')}/ws/console`)
  url.searchParams.set('since', String(since))
  if (epoch !== undefined) url.searchParams.set('epoch', epoch)
  return new WebSocket(url, ['token', token])
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no message of the feed; silence is noticed by its own clock
  }
}
