// A console on the hub's feed: it notes when the entry of an event arrives, and answers heartbeats as a page does.

import WebSocket from 'ws'
import type { FeedMessage } from '../../model/feed.ts'
import { PASSWORD } from '../hub/process.ts'

export type Feed = {
  /** When the entry of this event is on the socket, by `performance.now()`; undefined when it never came in time. */
  shown(eventId: string): Promise<number | undefined>
  close(): void
}

/** An SOS that is not there after so long counts as lost. */
const LOST_AFTER_MS = 60_000

/** Signs in at the gateway and follows the feed from now on. */
export async function openFeed(httpUrl: string): Promise<Feed> {
  const token = await signIn(httpUrl)
  const waiting = new Map<string, (at: number | undefined) => void>()
  const { seq } = (await getJson(`${httpUrl}/api/v1/alarms?limit=1`, token)) as { seq: number }
  const socket = new WebSocket(`${httpUrl.replace('http', 'ws')}/ws/console?since=${seq}`, ['token', token])
  socket.on('message', data => {
    const at = performance.now()
    const message = JSON.parse(String(data)) as FeedMessage
    if (message.type === 'ping') socket.send('{"type":"pong"}')
    if (message.type !== 'alarm' || message.entry.eventId === undefined) return
    waiting.get(message.entry.eventId)?.(at)
  })
  socket.on('close', () => {
    for (const give of waiting.values()) give(undefined)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })
  return {
    shown: eventId =>
      new Promise(resolve => {
        const timer = setTimeout(() => give(undefined), LOST_AFTER_MS)
        const give = (at: number | undefined): void => {
          clearTimeout(timer)
          waiting.delete(eventId)
          resolve(at)
        }
        waiting.set(eventId, give)
      }),
    close: () => socket.close(),
  }
}

async function signIn(httpUrl: string): Promise<string> {
  const body = JSON.stringify({ username: 'admin', password: PASSWORD })
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${httpUrl}/api/v1/session`, { method: 'POST', headers, body })
  if (!response.ok) throw new Error(`signing in: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { token: string }).token
}

async function getJson(url: string, token: string): Promise<unknown> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  if (!response.ok) throw new Error(`GET ${url}: ${response.status} ${await response.text()}`)
  return response.json()
}
