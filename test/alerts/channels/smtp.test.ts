// Mail against a real SMTP server.

import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createGuard } from '../../../alerts/channels/guard.ts'
import { messageIdOf } from '../../../alerts/channels/smtp.ts'
import { eventually } from '../../eventually.ts'
import { failure, message, opened, send, testParts } from './receiver.ts'

type Options = ConstructorParameters<typeof SMTPServer>[0]
type Mail = { from: string; to: string[]; text: string; isSecure: boolean }

/** Made for these tests, for `localhost` and 127.0.0.1, until 2126. */
const certificate = {
  key: readFileSync(new URL('localhost.key.pem', import.meta.url), 'utf8'),
  cert: readFileSync(new URL('localhost.cert.pem', import.meta.url), 'utf8'),
}

async function start(options: Options = {}, change: Record<string, unknown> = {}) {
  const mails: Mail[] = []
  const server = new SMTPServer({
    ...certificate,
    logger: false,
    authOptional: true,
    closeTimeout: 100,
    disableReverseLookup: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'desk' && password === 'right' ? done(null, { user: 'desk' }) : done(new Error('no')),
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', part => parts.push(part))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom === false ? '' : mailFrom.address
        const to = rcptTo.map(({ address }) => address)
        mails.push({ from, to, text: Buffer.concat(parts).toString(), isSecure: session.secure })
        done(null, 'queued as 4B1C')
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>(resolve => server.close(() => resolve())))
  const { port } = server.server.address() as AddressInfo
  const config = {
    host: '127.0.0.1',
    port,
    security: 'starttls',
    from: '安心 <desk@hub.example>',
    ...change,
  }
  const parts = testParts({ timeoutMs: 20_000, ca: certificate.cert })
  return { mails, parts, config, smtp: opened({ kind: 'smtp', config }, parts) }
}

const to = 'daughter@family.example'
const header = (mail: Mail | undefined, name: string): string | undefined =>
  new RegExp(`^${name}: (.*(?:\r\n[ \t].*)*)`, 'mi').exec(mail?.text ?? '')?.[1]

test('a mail says what happened, and a second try has the same Message-ID', async () => {
  const { mails, smtp, parts } = await start()
  expect(await send(smtp, { to })).toEqual({ providerId: expect.stringContaining('4B1C') })
  await send(smtp, { to })
  const [mail, again] = mails
  expect(mail).toMatchObject({ from: 'desk@hub.example', to: [to], isSecure: true })
  expect(header(mail, 'Message-ID')).toBe(`<${message().key}@hub.example>`)
  expect(header(again, 'Message-ID')).toBe(header(mail, 'Message-ID'))
  expect(header(mail, 'X-Priority')).toMatch(/^1/)
  expect(header(mail, 'Auto-Submitted')).toBe('auto-generated')
  expect(header(mail, 'Subject')).toMatch(/=\?UTF-8\?/)
  expect(parts.counted).toEqual(['smtp sent', 'smtp sent'])
})

test.each(['tls', 'starttls', 'none'])('%s', async security => {
  const { mails, smtp } = await start({ secure: security === 'tls' }, { security })
  await send(smtp, { to })
  expect(mails).toMatchObject([{ isSecure: security !== 'none' }])
})

test('a password is only said under TLS, and counts', async () => {
  const options = { authOptional: false }
  const right = await start(options, { user: 'desk', password: 'right' })
  await send(right.smtp, { to })
  expect(right.mails).toHaveLength(1)
  const wrong = await start(options, { user: 'desk', password: 'wrong' })
  expect(await failure(send(wrong.smtp, { to }))).toMatchObject({
    reason: 'bad_credentials',
    outcome: 'refused',
  })
  const none = await start(options)
  expect(await failure(send(none.smtp, { to }))).toMatchObject({ reason: 'bad_credentials' })
})

test('a server that has no TLS gets nothing', async () => {
  const { mails, smtp } = await start({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] })
  expect(await failure(send(smtp, { to }))).toMatchObject({ reason: 'bad_config', outcome: 'refused' })
  expect(mails).toEqual([])
})

test('a certificate that nobody vouches for gets nothing', async () => {
  const { mails, config } = await start()
  const smtp = opened({ kind: 'smtp', config }, testParts({ timeoutMs: 20_000 }))
  expect(await failure(send(smtp, { to }))).toMatchObject({ outcome: 'again' })
  expect(mails).toEqual([])
})

test.each([
  [421, 'busy'],
  [450, 'rate_limited'],
  [451, 'busy'],
  [452, 'busy'],
  [499, 'busy'],
  [550, 'no_such_recipient'],
  [551, 'no_such_recipient'],
  [552, 'too_long'],
  [554, 'message_refused'],
  [571, 'message_refused'],
])('a recipient who is answered with %i is %s', async (responseCode, reason) => {
  const { smtp } = await start({
    onRcptTo: ({ address }, _session, done) =>
      done(Object.assign(new Error(`no ${address}`), { responseCode })),
  })
  const error = await failure(send(smtp, { to }))
  expect(error).toMatchObject({ reason, vendorCode: String(responseCode) })
  expect(JSON.stringify([error.message, error.context])).not.toContain(to)
})

test('a server that hangs costs only its time, and one that is given up nothing more', async () => {
  const onConnect = vi.fn()
  const { smtp, config, parts } = await start({ onConnect })
  const hasty = opened({ kind: 'smtp', config }, { ...parts, timeoutMs: 1_000 })
  expect(await failure(send(hasty, { to }))).toMatchObject({ reason: 'timed_out' })
  const giveUp = new AbortController()
  const sending = failure(send(smtp, { to }, giveUp.signal))
  await eventually(() => expect(onConnect).toHaveBeenCalledTimes(2))
  giveUp.abort()
  expect(await sending).toMatchObject({ reason: 'stopped', outcome: 'again' })
})

test('a port where nobody listens', async () => {
  const { smtp } = await start({}, { port: 1 })
  expect(await failure(send(smtp, { to }))).toMatchObject({ reason: 'unreachable' })
})

test.each(['', 'daughter', 'a@b, c@d', 'a@b\r\nBcc: c@d', 'A <a@b>', '"a b"@c', 'a@b>', '\u202Ea@b c'])(
  '%j is no mailbox',
  async to => {
    const { mails, smtp } = await start()
    expect(await failure(send(smtp, { to }))).toMatchObject({ reason: 'no_such_recipient' })
    expect(mails).toEqual([])
  },
)

test('a title with line ends makes no header', async () => {
  const { mails, smtp } = await start()
  await send(smtp, { to, title: 'Alarm\r\nBcc: spy@example.com\r\n\r\nbody' })
  expect(mails[0]?.to).toEqual([to])
  expect(header(mails[0], 'Bcc')).toBe(undefined)
})

test.each([
  ['127.0.0.1', 'starttls', 'the hub itself'],
  ['10.0.0.1', 'tls', 'a private network'],
  ['localhost', 'tls', 'the hub itself, by name'],
  ['mail.example.com', 'none', 'in clear over the internet'],
])('a server %s with %s is refused: %s', async (host, security) => {
  const { config } = await start()
  const smtp = opened(
    { kind: 'smtp', config: { ...config, host, security } },
    testParts({ guard: createGuard() }),
  )
  expect(await failure(send(smtp, { to }))).toMatchObject({ reason: 'address_refused' })
})

test.each([
  ['desk@hub.example', '<k@hub.example>'],
  ['安心 <desk@hub.example>', '<k@hub.example>'],
])('the Message-ID of %s', (from, expected) => {
  expect(messageIdOf('k', from)).toBe(expected)
})
