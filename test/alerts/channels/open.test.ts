import { expect, test, vi } from 'vitest'
import { whyRefused } from '../../../alerts/channels/check.ts'
import { defaultChannels } from '../../../alerts/channels/defaults.ts'
import { createGuard } from '../../../alerts/channels/guard.ts'
import { newVapidKeys } from '../../../alerts/channels/web-push.ts'
import { smtpConfigOf } from '../../../model/smtp-url.ts'
import { eventually } from '../../eventually.ts'
import { failure, opened, reply, send, startReceiver, testParts } from './receiver.ts'

const secret = 'a secret of tests'

test('the server of SMTP_URL may stand inside, and nothing else may be called for that', async () => {
  const smtp = smtpConfigOf('smtp://127.0.0.1:1?from=desk@example.com&tls=none')
  const webhook = { url: 'http://127.0.0.1:1/', secret }
  const [mail, hook] = defaultChannels({ smtp, webhook })
  const parts = testParts({ guard: createGuard() })
  if (!mail || !hook) return expect.unreachable()
  expect(await failure(send(opened(mail, parts), { to: 'a@b.c' }))).toMatchObject({ reason: 'unreachable' })
  expect(await failure(send(opened(hook, parts)))).toMatchObject({ reason: 'address_refused' })
  expect(defaultChannels({})).toEqual([])
})

test.each([
  ['smtp://mail.example.com?from=a@b.c', { port: 587, security: 'starttls' }],
  ['smtps://mail.example.com?from=a@b.c', { port: 465, security: 'tls' }],
  ['smtps://mail.example.com?from=a@b.c&tls=none', { port: 465, security: 'tls' }],
  ['smtp://u:p%25@mail.example.com:25?from=a@b.c', { port: 25, user: 'u', password: 'p%' }],
  ['smtp://u:100%@mail.example.com:25?from=a@b.c', { password: '100%' }],
  ['smtp://[::1]:25?from=a@b.c', { host: '::1' }],
])('%s is %j', (url, config) => {
  expect(smtpConfigOf(url)).toMatchObject(config)
})

test.each([
  '',
  'smtp',
  'http://mail.example.com?from=a@b.c',
  'smtp://mail.example.com',
  'smtp://?from=a@b.c',
])('%j says nothing of mail', url => {
  expect(smtpConfigOf(url)).toBe(undefined)
})

test('a defect is told as one, tried again, and logged without the message', async () => {
  const parts = testParts({
    clock: {
      now: () => {
        throw new Error('no clock')
      },
    },
  })
  const error = await failure(
    send(opened({ kind: 'webhook', config: { url: 'https://a.example/', secret } }, parts)),
  )
  expect(error).toMatchObject({ reason: 'failed', outcome: 'again' })
  expect(parts.logged).toMatchObject([{ level: 'error', facts: { channelId: 'channel_1' } }])
  expect(parts.counted).toEqual(['webhook failed'])
})

test('a subscription that cannot be forgotten is refused all the same', async () => {
  const receiver = await startReceiver(reply(410))
  const forget = vi.fn(() => Promise.reject(new Error('away')))
  const parts = testParts({ forget })
  const push = opened({ kind: 'web_push', config: { subject: 'mailto:a@b.c', ...newVapidKeys() } }, parts)
  const keys = {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  }
  const to = JSON.stringify({ endpoint: `${receiver.url}/1`, keys })
  expect(await failure(send(push, { to }))).toMatchObject({ reason: 'subscription_gone' })
  expect(parts.logged).toMatchObject([{ level: 'warn' }])
})

test('a name that is not known today may be set up: it is judged when it is called', async () => {
  const guard = createGuard({ resolve: () => Promise.reject(new Error('EAI_AGAIN')) })
  expect(await whyRefused('webhook', { url: 'https://hooks.example.com/', secret }, guard)).toBe(undefined)
})

test('what is urgent does not wait for receivers that hang', async () => {
  const receiver = await startReceiver(
    ({ url }, response) => void (url.pathname === '/fast' && response.end()),
  )
  const parts = testParts({ timeoutMs: 20_000 })
  const config = { url: `${receiver.url}/slow`, secret }
  const [slow, fast] = [config, { ...config, url: `${receiver.url}/fast` }].map(set =>
    opened({ kind: 'webhook', config: set }, parts),
  )
  if (!slow || !fast) return expect.unreachable()
  const giveUp = new AbortController()
  const hanging = Array.from({ length: 100 }, () => failure(send(slow, {}, giveUp.signal)))
  await eventually(() => expect(receiver.received).toHaveLength(100))
  await send(fast)
  giveUp.abort()
  expect(new Set((await Promise.all(hanging)).map(({ reason }) => reason))).toEqual(new Set(['stopped']))
})
