// Another system is told by a signed POST, so that it can tell a message of this hub from anybody's, an old one from
// a new one, and a second try from a second message.
//
//   POST <url>
//   content-type:           application/json
//   idempotency-key:        <key>                 the same for every try
//   anxin-timestamp:        <seconds since 1970>  when this try left
//   anxin-signature:        v1=<hex of HMAC-SHA256(secret, timestamp "." body)>
//
// A receiver checks the signature over the bytes as they came, refuses timestamps more than five minutes away, and
// takes each key once. Any 2xx means taken.

import { createHmac } from 'node:crypto'
import type { WebhookConfig } from '../../model/channel.ts'
import type { Clock } from '../../model/time.ts'
import { type Channel, ChannelError, type Message, type SendReason } from './channel.ts'
import { type Answer, type Poster, retryAfterOf } from './post.ts'

/** How long a receiver should take a timestamp for fresh. */
export const FRESH_FOR_MS = 5 * 60_000

export function openWebhook(
  { url, secret }: WebhookConfig,
  { poster, clock }: { poster: Poster; clock: Clock },
): Channel {
  return {
    kind: 'webhook',
    async send(message, { signal }) {
      const body = JSON.stringify(bodyOf(message))
      const timestamp = String(Math.floor(clock.now() / 1_000))
      const headers = {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'anxin',
        'idempotency-key': message.key,
        'anxin-timestamp': timestamp,
        'anxin-signature': signatureOf({ secret, timestamp, body }),
      }
      const answer = await poster.post({ url, headers, body, signal })
      requireTaken(answer, clock.now())
      return {}
    },
    close: async () => poster.close(),
  }
}

/** What a receiver compares with. */
export const signatureOf = (signed: { secret: string; timestamp: string; body: string }): string =>
  `v1=${createHmac('sha256', signed.secret).update(`${signed.timestamp}.${signed.body}`).digest('hex')}`

/** Version 1 of what a receiver reads; fields may be added. */
const bodyOf = ({ key, to, language, title, text, link, map, urgent, template, values, at }: Message) => ({
  version: 1,
  key,
  at,
  urgent,
  template,
  language,
  to,
  title,
  text,
  ...(link !== undefined && { link }),
  ...(map !== undefined && { map }),
  values,
})

/** Statuses that do not mean what their class means: a receiver that is new, slow or full. */
const STATUSES: Readonly<Record<number, SendReason>> = {
  401: 'bad_credentials',
  403: 'bad_credentials',
  404: 'bad_config',
  405: 'bad_config',
  408: 'timed_out',
  410: 'bad_config',
  413: 'too_long',
  425: 'busy',
  429: 'rate_limited',
}

function requireTaken(answer: Answer, now: number): void {
  const { status, headers } = answer
  if (status >= 200 && status < 300) return
  const reason =
    STATUSES[status] ?? (status >= 500 ? 'busy' : status >= 400 ? 'message_refused' : 'unclear_answer')
  throw new ChannelError(reason, `the receiver answered ${status}`, {
    vendorCode: String(status),
    ...retryAfterOf(headers, now),
  })
}
