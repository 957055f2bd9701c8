// A console without a window: it follows the feed, answers the heartbeat, and comes back when it was cut off. Whoever has
// one open is there.

import type { FeedMessage } from '../../model/feed.ts'
import type { Client } from '../client.ts'

export type Screen = { close(): void }

const BACK_AFTER_MS = 2_000

export function openScreen({
  client: { hubUrl, token },
  onMessage,
}: {
  client: Client
  onMessage(message: FeedMessage): void
}): Screen {
  let closed = false
  let socket: WebSocket
  const open = () => {
    socket = new WebSocket(`${hubUrl.replace(/^http/, 'ws')}/ws/console`, ['token', token])
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as FeedMessage
      if (message.type === 'ping') socket.send(JSON.stringify({ type: 'pong' }))
      else onMessage(message)
    })
    socket.addEventListener('error', () => undefined) // `close` follows
    socket.addEventListener('close', () => {
      if (!closed) setTimeout(open, BACK_AFTER_MS).unref()
    })
  }
  open()
  return {
    close() {
      closed = true
      socket.close()
    },
  }
}
