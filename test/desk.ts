// The desk as tests use it: signs in over HTTP, registers devices, and follows the console's feed.

import WebSocket from 'ws'
import type { FeedMessage } from '../model/feed.ts'
import type { Alarm } from '../model/incident.ts'
import { eventually } from './eventually.ts'

type AlarmMessage = Extract<FeedMessage, { type: 'alarm' }>

export type Answer = { status: number; body: never }

export type Desk = {
  readonly token: string
  /** Any call of the API; the answer is not checked. */
  call(method: string, path: string, body?: object): Promise<Answer>
  /** A call that must succeed; returns the body. */
  must<T>(method: string, path: string, body?: object): Promise<T>
  /** Registers a device; returns its secret. */
  register(id: string, residentId?: string): Promise<string>
  openAlarms(query?: string): Promise<Alarm[]>
}

export async function signIn(
  httpUrl: string,
  { username = 'admin', password }: { username?: string; password: string },
): Promise<Desk> {
  const call = async (method: string, path: string, body?: object, token?: string): Promise<Answer> => {
    const headers = {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    }
    const response = await fetch(`${httpUrl}/api/v1${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as never }
  }
  const session = await call('POST', '/session', { username, password })
  if (session.status >= 300) throw new Error(`no session: ${JSON.stringify(session)}`)
  const { token } = session.body as { token: string }

  const must = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await call(method, path, body, token)
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  return {
    token,
    call: (method, path, body) => call(method, path, body, token),
    must,
    async register(id, residentId) {
      const body = { id, kind: 'bracelet', protocol: 'mqtt', ...(residentId && { residentId }) }
      return (await must<{ secret: string }>('POST', '/devices', body)).secret
    },
    async openAlarms(query = '') {
      return (await must<{ items: Alarm[] }>('GET', `/alarms?state=open${query}`)).items
    },
  }
}

export type Follower = {
  /** Every alarm message so far, in the order in which it came. */
  readonly messages: AlarmMessage[]
  /** Entries of findings so far. */
  findings(): AlarmMessage[]
  /** Waits for the first alarm message that fits. */
  waitFor(fits: (message: AlarmMessage) => boolean, patience?: { timeout: number }): Promise<AlarmMessage>
  send(message: object): void
  /** Breaks the connection, as a bad line would; the follower comes back by itself. */
  drop(): void
  close(): void
}

/** Follows the feed after `since`; comes back by itself with its last cursor when the connection breaks. */
export function followFeed(
  httpUrl: string,
  { token, since = 0 }: { token: string; since?: number },
): Follower {
  const messages: AlarmMessage[] = []
  let cursor = since
  let closed = false
  let socket: WebSocket

  function connect(): void {
    const url = `${httpUrl.replace('http', 'ws')}/ws/console?since=${cursor}`
    socket = new WebSocket(url, ['token', token])
    socket.on('error', () => undefined) // `close` follows, and with it the next try
    socket.on('close', () => {
      if (!closed) setTimeout(connect, 50)
    })
    socket.on('message', data => {
      const message = JSON.parse(String(data)) as FeedMessage
      if (message.type !== 'alarm') return
      messages.push(message)
      cursor = message.seq
    })
  }
  connect()

  return {
    messages,
    findings: () => messages.filter(message => message.entry.kind === 'finding'),
    waitFor: (fits, patience) =>
      eventually(
        () => {
          const found = messages.find(fits)
          if (!found) throw new Error(`not on the feed; there were ${JSON.stringify(messages.slice(-5))}`)
          return found
        },
        { ...patience, interval: 10 },
      ),
    send: message => socket.send(JSON.stringify(message)),
    drop: () => socket.terminate(),
    close() {
      closed = true
      socket.close()
    },
  }
}
