// Mail, by whatever server the hub may send through. The socket is ours: it goes to an address that was judged, and it
// is cut when time is up. nodemailer speaks SMTP on it.

import { connect, isIP, type Socket } from 'node:net'
import { createTransport } from 'nodemailer'
import type { SmtpConfig } from '../../model/channel.ts'
import { type Channel, ChannelError, type Message, SEND_TIMEOUT_MS, type SendReason } from './channel.ts'
import type { Guard } from './guard.ts'
import { asText } from './robot.ts'

/** One answer of a server is a few lines. */
const ANSWER_MAX_BYTES = 16 * 1024

/** One mailbox and nothing else: no list, no name, nothing that ends a line. */
const MAILBOX = /^[^\s<>,;:"()[\]\\@]{1,64}@[^\s<>,;:"()[\]\\@]{1,255}$/u

/** `ca`: certificates to trust instead of those of the system. */
export function openSmtp(
  config: SmtpConfig,
  { guard, ca, timeoutMs = SEND_TIMEOUT_MS }: { guard: Guard; ca?: string; timeoutMs?: number },
): Channel {
  requireTls(config, guard)
  const closed = new AbortController()
  return {
    kind: 'smtp',
    async send(message, { signal }) {
      if (!MAILBOX.test(message.to)) {
        throw new ChannelError('no_such_recipient', 'this is not a mail address')
      }
      const late = AbortSignal.timeout(timeoutMs)
      const any = AbortSignal.any([signal, late, closed.signal])
      const transport = createTransport({
        ...serverOf(config, { ca, timeoutMs }),
        getSocket: (_options, done) => {
          openSocket(config, { guard, signal: any }).then(connection => done(null, { connection }), done)
        },
      })
      try {
        any.throwIfAborted()
        const { response } = await transport.sendMail({ ...mailOf(message, config), signal: any })
        return { providerId: providerIdIn(response) }
      } catch (error) {
        throw failureOf(error, { isLate: late.aborted, isStopped: any.aborted })
      } finally {
        transport.close()
      }
    },
    close: async () => closed.abort(),
  }
}

/** Mail says what happened to whom: in clear it goes only to servers that the administrator named. */
export function requireTls({ security, host }: SmtpConfig, guard: Guard): void {
  if (security !== 'none' || guard.isTrusted(host)) return
  throw new ChannelError('address_refused', 'mail without TLS only goes to servers in WEBHOOK_ALLOW')
}

const serverOf = (
  { host, port, security, user, password }: SmtpConfig,
  { ca, timeoutMs }: { ca: string | undefined; timeoutMs: number },
) => ({
  host,
  port,
  secure: security === 'tls',
  requireTLS: security === 'starttls',
  ignoreTLS: security === 'none',
  ...(user !== undefined && { auth: { user, pass: password ?? '' }, forceAuth: true }),
  ...(ca !== undefined && { tls: { ca } }),
  connectionTimeout: timeoutMs,
  greetingTimeout: timeoutMs,
  socketTimeout: timeoutMs,
  socketCloseTimeout: 0,
  maxResponseSize: ANSWER_MAX_BYTES,
  disableFileAccess: true,
  disableUrlAccess: true,
})

async function openSocket(
  { host, port }: SmtpConfig,
  { guard, signal }: { guard: Guard; signal: AbortSignal },
): Promise<Socket> {
  if (isIP(host) !== 0) await guard.addressesOf(host) // a literal address is never looked up
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const socket = connect({ host, port, lookup: guard.lookup })
  const cut = (): void => void socket.destroy(new Error('cut'))
  signal.addEventListener('abort', cut, { once: true })
  socket.once('close', () => signal.removeEventListener('abort', cut))
  socket.once('error', reject)
  socket.once('connect', () => {
    socket.removeListener('error', reject)
    resolve(socket)
  })
  if (signal.aborted) cut()
  return promise
}

/** A second try has the same Message-ID: mail programs and lists show such a mail once. */
const mailOf = (message: Message, { from }: SmtpConfig) => ({
  from,
  to: { name: '', address: message.to },
  subject: message.title,
  text: asText({ ...message, title: '' }),
  messageId: messageIdOf(message.key, from),
  priority: message.urgent ? ('high' as const) : ('normal' as const),
  headers: { 'Auto-Submitted': 'auto-generated' },
})

export const messageIdOf = (key: string, from: string): string =>
  `<${key}@${/@([^@>\s]+)>?$/.exec(from)?.[1] ?? 'anxin.invalid'}>`

/** `250 2.0.0 Ok: queued as 4B1C…`: what the server calls it, by which its people find it. */
const providerIdIn = (response: string): string => response.replace(/^250[ -]/, '').slice(0, 100)

/** What nodemailer names; where the server answered, its code says more. */
const FAULTS: Readonly<Record<string, SendReason>> = {
  EAUTH: 'bad_credentials',
  ENOAUTH: 'bad_credentials',
  ECONFIG: 'bad_config',
  EENVELOPE: 'no_such_recipient',
  EMESSAGE: 'message_refused',
  EPROTOCOL: 'unclear_answer',
  ETIMEDOUT: 'timed_out',
  ETLS: 'unreachable',
}

/** Replies by RFC 5321 and RFC 4954 that do not mean what their first digit says. */
const REPLIES: Readonly<Record<number, SendReason>> = {
  421: 'busy',
  450: 'rate_limited',
  451: 'busy',
  452: 'busy',
  454: 'busy',
  530: 'bad_credentials',
  534: 'bad_credentials',
  535: 'bad_credentials',
  538: 'bad_credentials',
  550: 'no_such_recipient',
  551: 'no_such_recipient',
  552: 'too_long',
  553: 'no_such_recipient',
  554: 'message_refused',
}

/** Its words repeat addresses: only codes go on. */
function failureOf(
  error: unknown,
  { isLate, isStopped }: { isLate: boolean; isStopped: boolean },
): ChannelError {
  if (error instanceof ChannelError) return error
  if (isLate) return new ChannelError('timed_out', 'the mail server did not answer in time')
  if (isStopped) return new ChannelError('stopped', 'the hub gave up waiting')
  const { code = 'unknown', responseCode } = error as { code?: string; responseCode?: number }
  const inner = innerRefusal(error)
  if (inner) return inner
  const reason = reasonOf(code, responseCode)
  const vendorCode = String(responseCode ?? code)
  return new ChannelError(reason, `the mail server could not be used (${vendorCode})`, { vendorCode })
}

function reasonOf(code: string, responseCode: number | undefined): SendReason {
  const fault = FAULTS[code]
  if (responseCode === undefined) return fault ?? 'unreachable'
  if (code === 'ETLS' && responseCode >= 500) return 'bad_config' // it has no TLS, and gets nothing without
  const reply = REPLIES[responseCode]
  if (reply !== undefined) return reply
  if (responseCode < 500) return 'busy'
  return fault === 'bad_credentials' ? fault : 'message_refused'
}

/** A guard's refusal that came back inside of a library's error. */
function innerRefusal(error: unknown): ChannelError | undefined {
  const { cause } = error as { cause?: unknown }
  return cause instanceof ChannelError ? cause : undefined
}
