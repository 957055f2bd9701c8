import { createHmac } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { createGuard } from '../../../alerts/channels/guard.ts'
import { ANSWER_MAX_BYTES } from '../../../alerts/channels/post.ts'
import { eventually } from '../../eventually.ts'
import { failure, message, NOW, opened, reply, send, startReceiver, testParts } from './receiver.ts'

const secret = 'a secret of tests'

async function start(answer = reply(204), timeoutMs = 20_000) {
  const receiver = await startReceiver(answer)
  const parts = testParts({ timeoutMs })
  const webhook = opened({ kind: 'webhook', config: { url: `${receiver.url}/hook?team=7`, secret } }, parts)
  return { receiver, parts, webhook }
}

test('a receiver can tell who sent what, when, and whether it is the same again', async () => {
  const { receiver, webhook, parts } = await start()
  await send(webhook)
  await send(webhook)
  const [first, second] = receiver.received
  const { headers, body, method, url } = first ?? expect.fail('nothing came')
  expect([method, `${url.pathname}${url.search}`]).toEqual(['POST', '/hook?team=7'])
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'idempotency-key': message().key,
    'anxin-timestamp': String(Math.floor(NOW / 1_000)),
  })
  const signed = createHmac('sha256', secret).update(`${headers['anxin-timestamp']}.${body}`).digest('hex')
  expect(headers['anxin-signature']).toBe(`v1=${signed}`)
  expect(JSON.parse(String(body))).toEqual({ version: 1, ...message() })
  expect(second?.headers['idempotency-key']).toBe(headers['idempotency-key'])
  expect(parts.counted).toEqual(['webhook sent', 'webhook sent'])
})

test.each<[status: number, reason: string | undefined, why: string]>([
  [200, undefined, 'taken'],
  [202, undefined, 'taken'],
  [400, 'message_refused', 'it will not take it the next time either'],
  [401, 'bad_credentials', 'another secret'],
  [403, 'bad_credentials', 'another secret'],
  [404, 'bad_config', 'not there'],
  [408, 'timed_out', 'it was too slow for itself'],
  [413, 'too_long', 'too long'],
  [425, 'busy', 'too early'],
  [429, 'rate_limited', 'too many'],
  [500, 'busy', 'its own fault'],
  [503, 'busy', 'its own fault'],
])('%i means %s: %s', async (status, reason) => {
  const { webhook, parts } = await start(reply(status))
  if (reason === undefined) await send(webhook)
  else expect(await failure(send(webhook))).toMatchObject({ reason, vendorCode: String(status) })
  expect(parts.counted).toEqual([`webhook ${reason ?? 'sent'}`])
})

test.each<[header: string, ms: number | undefined, why: string]>([
  ['7', 7_000, 'in seconds'],
  [new Date(NOW + 90_000).toUTCString(), 90_000, 'as a date'],
  ['99999999', 3_600_000, 'an hour at most'],
  ['soon', undefined, 'nonsense is passed over'],
  [new Date(NOW - 90_000).toUTCString(), undefined, 'what is over is no wait'],
])('Retry-After: %s is %s ms (%s)', async (header, retryAfterMs) => {
  const { webhook } = await start(reply(503, '', { 'retry-after': header }))
  expect((await failure(send(webhook))).retryAfterMs).toBe(retryAfterMs)
})

describe('a receiver that does not play along', () => {
  test('hangs: the try ends in time', async () => {
    const { webhook } = await start(() => undefined, 300)
    expect(await failure(send(webhook))).toMatchObject({ reason: 'timed_out', outcome: 'again' })
  })

  test('answers drop by drop: the time is that of the whole try', async () => {
    const { webhook } = await start((_request, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(drip))
    }, 300)
    expect(await failure(send(webhook))).toMatchObject({ reason: 'timed_out' })
  })

  test('answers without end: what fits counts, and the socket is cut', async () => {
    const { webhook } = await start((_request, response) => {
      response.writeHead(200)
      const more = (): void => {
        while (response.writable && response.write(Buffer.alloc(ANSWER_MAX_BYTES))) void 0
        response.once('drain', more)
      }
      more()
    })
    await send(webhook)
  })

  test('hangs up', async () => {
    const { webhook } = await start((_request, response) => void response.socket?.destroy())
    expect(await failure(send(webhook))).toMatchObject({ reason: 'unreachable', vendorCode: 'ECONNRESET' })
  })
})

test('whoever gives up waiting is told at once, and the request ends', async () => {
  const ended = vi.fn()
  const { receiver, webhook } = await start((_request, response) => void response.on('close', ended))
  const giveUp = new AbortController()
  const sending = failure(send(webhook, {}, giveUp.signal))
  await eventually(() => expect(receiver.received).toHaveLength(1))
  giveUp.abort()
  expect(await sending).toMatchObject({ reason: 'stopped', outcome: 'again' })
  await eventually(() => expect(ended).toHaveBeenCalled())
  expect(await failure(send(webhook, {}, giveUp.signal))).toMatchObject({ reason: 'stopped' })
  expect(receiver.received).toHaveLength(1)
})

test('a closed channel lets go of what is under way', async () => {
  const { receiver, webhook } = await start(() => undefined)
  const sending = failure(send(webhook))
  await eventually(() => expect(receiver.received).toHaveLength(1))
  await webhook.close()
  expect(await sending).toMatchObject({ reason: 'stopped' })
})

test('nothing of what fails tells a secret, a text or an address', async () => {
  const { webhook, parts } = await start(reply(401, `you sent ${secret}`))
  const error = await failure(send(webhook, { to: '13800000000' }))
  const told = JSON.stringify([error.message, error.context, error.vendorCode, parts.logged])
  for (const hidden of [secret, '13800000000', message().text, 'hub.example'])
    expect(told).not.toContain(hidden)
})

test.each<[config: unknown, reason: string, why: string]>([
  [{ url: 'https://127.0.0.1/', secret }, 'address_refused', 'refused when it is sent, whatever was stored'],
  [{ url: 'https://hooks.example.com/', secret: 'short' }, 'bad_config', 'a secret that is guessed'],
  [{ url: 'hooks', secret }, 'bad_config', 'no URL'],
  [{}, 'bad_config', 'nothing'],
  [null, 'bad_config', 'nothing at all'],
])('a row that holds %j refuses with %s (%s)', async (config, reason) => {
  const webhook = opened({ kind: 'webhook', config }, testParts({ guard: createGuard() }))
  expect(await failure(send(webhook))).toMatchObject({ reason, outcome: 'refused' })
})

test.each(['', 'a b', 'a\r\nx-other: 1', 'a'.repeat(65), '钥匙'])('%j is no key', async key => {
  const { receiver, webhook } = await start()
  expect(await failure(send(webhook, { key }))).toMatchObject({ reason: 'message_refused' })
  expect(receiver.received).toEqual([])
})
