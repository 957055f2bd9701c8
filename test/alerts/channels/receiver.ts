// A real HTTP server on loopback that a channel calls, and the parts that a channel is opened with.

import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import { parseAllowed } from '../../../alerts/channels/addresses.ts'
import { type Channel, ChannelError, type Message } from '../../../alerts/channels/channel.ts'
import { createGuard } from '../../../alerts/channels/guard.ts'
import { type ChannelParts, type ChannelRow, openChannel } from '../../../alerts/channels/open.ts'
import { epochMs } from '../../../model/units.ts'
import { type Logged, testLog } from '../../gateway/desk.ts'

export const NOW = epochMs(Date.UTC(2026, 10, 22, 6, 3))

export const message = (change: Partial<Message> = {}): Message => ({
  key: 'dlv_1.contact_2',
  to: '',
  language: 'zh',
  title: '紧急：张＊＊按下了红色紧急键',
  text: '今天 14:03，地点：环翠区。请立即联系老人。',
  link: 'https://hub.example/r/abc',
  map: 'https://uri.amap.com/marker?position=122.1,37.5',
  urgent: true,
  template: 'alarm',
  values: { name: '张＊＊', what: '按下了红色紧急键。', since: '11月22日 14:03', where: '环翠区' },
  at: NOW,
  ...change,
})

export const LOOPBACK = parseAllowed(['127.0.0.0/8', '::1']) ?? expect.fail('not allowed')

export type TestParts = ChannelParts & { logged: Logged[]; counted: string[] }

export function testParts(change: Partial<ChannelParts> = {}): TestParts {
  const logged: Logged[] = []
  const counted: string[] = []
  return {
    guard: createGuard({ allowed: LOOPBACK }),
    clock: { now: () => NOW },
    log: testLog(logged),
    metrics: { sends: { inc: ({ channel, outcome }) => void counted.push(`${channel} ${outcome}`) } },
    timeoutMs: 2_000,
    logged,
    counted,
    ...change,
  }
}

export function opened(row: Omit<ChannelRow, 'id'>, parts: ChannelParts = testParts()): Channel {
  const channel = openChannel({ id: 'channel_1', ...row }, parts)
  onTestFinished(() => channel.close())
  return channel
}

export const send = (
  channel: Channel,
  change: Partial<Message> = {},
  signal = new AbortController().signal,
) => channel.send(message(change), { signal })

/** What a send fails with; nothing but a ChannelError passes. */
export async function failure(sending: Promise<unknown>): Promise<ChannelError> {
  const error = await sending.then(
    () => expect.fail('it was sent'),
    (thrown: unknown) => thrown,
  )
  return error instanceof ChannelError ? error : expect.fail(`not a ChannelError: ${String(error)}`)
}

export type Received = { method: string; url: URL; headers: IncomingHttpHeaders; body: Buffer }
export type Reply = (request: Received, response: ServerResponse) => void

export const reply =
  (status: number, body: unknown = '', headers: Record<string, string> = {}): Reply =>
  (_request, response) => {
    response.writeHead(status, headers)
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

export async function startReceiver(first: Reply = reply(200)) {
  const received: Received[] = []
  const receiver = { answer: first, received, url: '', port: 0 }
  const server = createServer((request, response) => {
    void readAll(request).then(body => {
      const url = new URL(request.url ?? '/', 'http://receiver')
      const whole = { method: request.method ?? '', url, headers: request.headers, body }
      received.push(whole)
      receiver.answer(whole, response)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  receiver.port = (server.address() as AddressInfo).port
  receiver.url = `http://127.0.0.1:${receiver.port}`
  return receiver
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
