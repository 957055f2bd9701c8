// The outermost door: sockets that nobody needs to have an account for, and requests that no route ever sees.

import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { problemSchema } from '../../gateway/problem.ts'
import { eventually } from '../eventually.ts'
import { startDesk } from './desk.ts'

function dial(url: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => undefined) // a socket that is turned away may be reset
  onTestFinished(() => void socket.destroy())
  return socket
}

const closed = (socket: Socket) => new Promise<void>(resolve => socket.once('close', () => resolve()))

/** Sends bytes and reads to the end. */
async function answerTo(url: string, bytes: string) {
  const socket = dial(url)
  socket.write(bytes)
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    head,
    body: body.startsWith('{') ? JSON.parse(body) : body,
  }
}

const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'

const REFUSED: [what: string, bytes: string, status: number, code: string, head?: RegExp][] = [
  ['bytes that are not HTTP', '*4\r\n$4\r\nPING\r\n\r\n', 400, 'BAD_REQUEST'],
  ['HTTP/1.1 without a Host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'BAD_REQUEST'],
  ['an expectation', 'GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n', 417, 'BAD_REQUEST'],
  [
    'headers without end',
    `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`,
    431,
    'BAD_REQUEST',
  ],
  ['an upgrade without a Host', `GET /ws/console HTTP/1.1\r\n${UPGRADE}${KEY}\r\n`, 400, 'BAD_REQUEST'],
  ['an upgrade to //', `GET // HTTP/1.1\r\nHost: a\r\n${UPGRADE}${KEY}\r\n`, 404, 'NOT_FOUND'],
  [
    'an upgrade to a path that only looks like it',
    `GET //a/ws/console HTTP/1.1\r\nHost: a\r\n${UPGRADE}${KEY}\r\n`,
    404,
    'NOT_FOUND',
  ],
  [
    'a POST upgrade',
    `POST /ws/console HTTP/1.1\r\nHost: a\r\nAUTH${UPGRADE}${KEY}\r\n`,
    405,
    'BAD_REQUEST',
    /^Allow: GET$/m,
  ],
  [
    'a handshake without a key',
    `GET /ws/console HTTP/1.1\r\nHost: a\r\nAUTH${UPGRADE}\r\n`,
    400,
    'BAD_REQUEST',
    /^Sec-WebSocket-Version: 13$/m,
  ],
  [
    'a handshake of another version',
    `GET /ws/console HTTP/1.1\r\nHost: a\r\nAUTH${UPGRADE.replace('13', '7')}${KEY}\r\n`,
    400,
    'BAD_REQUEST',
    /^Sec-WebSocket-Version: 13$/m,
  ],
]

test.each(REFUSED)(
  '%s is told in a problem',
  async (_what, bytes, status, code, head = /^Connection: close$/im) => {
    const desk = await startDesk()
    const { token } = await desk.person('operator')
    const answer = await answerTo(desk.url, bytes.replace('AUTH', `Authorization: Bearer ${token}\r\n`))
    expect(answer).toMatchObject({ status, body: { status, code } })
    expect(answer.head).toMatch(/^content-type: application\/problem\+json/im)
    expect(answer.head.replaceAll('\r', '')).toMatch(head)
    expect(problemSchema.safeParse(answer.body).success).toBe(true)
    expect(answer.body.detail).not.toContain('undefined')
    expect(desk.logged.filter(line => line.level === 'error')).toEqual([])
  },
)

test('HTTP/1.0 needs no Host, and 100-continue is no unknown expectation', async () => {
  const { url } = await startDesk()
  expect((await answerTo(url, 'GET /healthz HTTP/1.0\r\n\r\n')).status).toBe(200)
  const expecting = 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n'
  expect((await answerTo(url, expecting)).status).toBe(100)
})

test.each([
  ['says nothing', ''],
  ['does not end its headers', 'GET / HTTP/1.1\r\nHost: a\r\n'],
  [
    'does not end its body',
    'POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
  ],
])('a socket that %s is let go, and told why', async (_how, bytes) => {
  const limits = { headersWithinMs: 60, requestWithinMs: 120, checkEveryMs: 20 }
  const { url } = await startDesk({ httpLimits: limits })
  expect(await answerTo(url, bytes)).toMatchObject({
    status: 408,
    body: { status: 408, code: 'BAD_REQUEST' },
  })
})

test('a peer that does not close is let go all the same', async () => {
  const { url } = await startDesk()
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  socket.write('PING\r\n\r\n')
  socket.resume()
  const beating = setInterval(() => socket.write('x'), 50)
  await closed(socket)
  clearInterval(beating)
})

test('strangers hold a bounded number of sockets; those beyond are counted, and there is room again', async () => {
  const desk = await startDesk({ httpLimits: { sockets: 5 } })
  const strangers = Array.from({ length: 5 }, () => dial(desk.url))
  await Promise.all(strangers.map(socket => new Promise(resolve => socket.once('connect', resolve))))
  await closed(dial(desk.url).resume())
  for (const socket of strangers) socket.destroy()
  await eventually(async () =>
    expect(await desk.metric(/^anxin_refused_total\{reason="too_many_http"\} (\d+)$/m)).toBeGreaterThan(0),
  )
})
