// Web push against a stand-in of a push service on loopback: it checks the VAPID token as a service does, and opens
// the message with the keys of the browser that the test plays.

import { createDecipheriv, createECDH, createHmac, createPublicKey, randomBytes, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { createGuard } from '../../../alerts/channels/guard.ts'
import { newVapidKeys, type Subscription } from '../../../alerts/channels/web-push.ts'
import {
  failure,
  message,
  opened,
  type Received,
  type Reply,
  reply,
  send,
  startReceiver,
  testParts,
} from './receiver.ts'

const keys = newVapidKeys()
const config = { subject: 'mailto:desk@example.com', ...keys }

/** A browser with its pair of keys and its secret (RFC 8291). */
function browserAt(url: string) {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  const auth = randomBytes(16)
  const subscription: Subscription = {
    endpoint: `${url}/push/abc`,
    keys: { p256dh: pair.getPublicKey('base64url'), auth: auth.toString('base64url') },
  }
  return { pair, auth, to: JSON.stringify(subscription) }
}

async function start(answer: Reply = reply(201, '', { location: '/receipt/1' })) {
  const receiver = await startReceiver(answer)
  const forgotten: string[] = []
  const parts = testParts({ forget: async to => void forgotten.push(to) })
  return {
    receiver,
    forgotten,
    parts,
    push: opened({ kind: 'web_push', config }, parts),
    ...browserAt(receiver.url),
  }
}

test('the service can tell who sent it, and only the browser can read it', async () => {
  const { receiver, push, pair, auth, to } = await start()
  expect(await send(push, { to })).toEqual({ providerId: '/receipt/1' })
  const [request] = receiver.received as [Received]
  const { headers } = request
  expect(headers).toMatchObject({ ttl: '86400', urgency: 'high', 'content-encoding': 'aes128gcm' })
  expect(tokenIn(request)).toMatchObject({ aud: receiver.url, sub: 'mailto:desk@example.com' })
  const { key, title, text, link, map, urgent, at } = message()
  expect(JSON.parse(decrypted(request.body, { pair, auth }))).toEqual({
    key,
    title,
    text,
    link,
    map,
    urgent,
    at,
  })
  expect(String(request.body)).not.toContain('张')
})

test('a second try takes the place of the first: they share a topic, and other messages do not', async () => {
  const { receiver, push, to } = await start()
  await send(push, { to })
  await send(push, { to, urgent: false })
  await send(push, { to, key: 'another' })
  const [first, second, other] = receiver.received.map(({ headers }) => headers.topic)
  expect(first).toMatch(/^[A-Za-z0-9_-]{32}$/)
  expect([second === first, other === first]).toEqual([true, false])
  expect(receiver.received[1]?.headers.urgency).toBe('normal')
})

test.each([
  [404, 'subscription_gone'],
  [410, 'subscription_gone'],
  [400, 'message_refused'],
  [403, 'bad_credentials'],
  [413, 'too_long'],
  [429, 'rate_limited'],
  [503, 'busy'],
])('%i is %s; only a subscription that is gone is forgotten', async (status, reason) => {
  const { push, forgotten, to } = await start(reply(status, '', { 'retry-after': '30' }))
  expect(await failure(send(push, { to }))).toMatchObject({ reason, retryAfterMs: 30_000 })
  expect(forgotten).toEqual(reason === 'subscription_gone' ? [to] : [])
})

test('a long text is cut, and still opened', async () => {
  const { receiver, push, pair, auth, to } = await start()
  await send(push, { to, text: '安'.repeat(5_000), title: '康'.repeat(500) })
  const [request] = receiver.received as [Received]
  expect(request.body.length).toBeLessThanOrEqual(4_096)
  expect(JSON.parse(decrypted(request.body, { pair, auth })).text).toMatch(/^安+…$/)
})

test('a link that leaves no room is refused', async () => {
  const { push, to } = await start()
  const link = `https://hub.example/${'x'.repeat(4_000)}`
  expect(await failure(send(push, { to, link }))).toMatchObject({ reason: 'too_long' })
})

test.each([
  ['', 'nothing'],
  ['{}', 'no endpoint'],
  ['https://push.example/', 'not JSON'],
  [
    JSON.stringify({ endpoint: 'https://push.example/', keys: { p256dh: 'x', auth: 'y' } }),
    'keys that are none',
  ],
  [JSON.stringify({ endpoint: 'javascript:1', keys: { p256dh: 'x', auth: 'y' } }), 'no URL'],
])('%j is no subscription: %s', async to => {
  const { push, parts } = await start()
  expect(await failure(send(push, { to }))).toMatchObject({ reason: 'no_such_recipient' })
  expect(parts.logged).toEqual([])
})

test('a browser that names an address inside is refused', async () => {
  const { receiver, to } = await start()
  const push = opened({ kind: 'web_push', config }, testParts({ guard: createGuard() }))
  expect(await failure(send(push, { to }))).toMatchObject({ reason: 'address_refused' })
  expect(receiver.received).toEqual([])
})

/** What the token of a request says, once its signature fits the key that browsers know. */
function tokenIn({ headers }: Received): Record<string, unknown> {
  const [, token = '', key] = /^vapid t=([^,]+), ?k=(.+)$/.exec(headers.authorization ?? '') ?? []
  expect(key).toBe(keys.publicKey)
  const point = Buffer.from(keys.publicKey, 'base64url')
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map(half => half.toString('base64url'))
  const publicKey = createPublicKey({
    key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' },
    format: 'jwk',
  })
  const [head, claims = '', signature = ''] = token.split('.')
  const signed = Buffer.from(`${head}.${claims}`)
  const bytes = Buffer.from(signature, 'base64url')
  expect(verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes)).toBe(true)
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
}

/** RFC 8188 and RFC 8291, by their letter: salt, record size, the sender's key, one record. */
function decrypted(
  body: Buffer,
  { pair, auth }: Pick<ReturnType<typeof browserAt>, 'pair' | 'auth'>,
): string {
  const salt = body.subarray(0, 16)
  const sender = body.subarray(21, 21 + body.readUInt8(20))
  const sealed = body.subarray(21 + sender.length)
  const shared = hkdf(
    auth,
    pair.computeSecret(sender),
    info('WebPush: info\0', pair.getPublicKey(), sender),
    32,
  )
  const key = hkdf(salt, shared, info('Content-Encoding: aes128gcm\0'), 16)
  const nonce = hkdf(salt, shared, info('Content-Encoding: nonce\0'), 12)
  const opener = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-16))
  const plain = Buffer.concat([opener.update(sealed.subarray(0, -16)), opener.final()])
  return plain.subarray(0, plain.lastIndexOf(2)).toString()
}

const info = (label: string, ...parts: Buffer[]): Buffer => Buffer.concat([Buffer.from(label), ...parts])

function hkdf(salt: Buffer, secret: Buffer, label: Buffer, length: number): Buffer {
  const extracted = createHmac('sha256', salt).update(secret).digest()
  return createHmac('sha256', extracted).update(label).update(Buffer.of(1)).digest().subarray(0, length)
}
