// A browser that has subscribed: the message is encrypted for it (RFC 8291) and signed with the hub's VAPID key
// (RFC 8292). web-push does both; the request leaves by our own guarded way, because whoever subscribes names its URL.

import { createHash } from 'node:crypto'
import webPush from 'web-push'
import { z } from 'zod'
import type { WebPushConfig } from '../../model/channel.ts'
import type { Clock } from '../../model/time.ts'
import { type Channel, ChannelError, type Message, type SendReason } from './channel.ts'
import { type Answer, type Poster, retryAfterOf } from './post.ts'
import { shortened } from './robot.ts'

/** As browsers write it (`PushSubscription.toJSON()`). */
export const subscriptionSchema = z.object({
  endpoint: z.url({ protocol: /^https?$/ }).max(2_000),
  keys: z.object({ p256dh: z.string().min(1).max(200), auth: z.string().min(1).max(100) }),
})
export type Subscription = z.infer<typeof subscriptionSchema>

/** A push service keeps a message for a browser that is away: after a day it is news no more. */
const KEEP_FOR_S = 24 * 3_600
/** Services take 4,096 bytes, of which encryption needs 103. */
const PAYLOAD_MAX_BYTES = 3_900
const TEXT_MAX_BYTES = 1_500
const TITLE_MAX_BYTES = 300
/** A topic has at most so many letters. */
const TOPIC_LENGTH = 32

/** A pair of keys for a new channel. Browsers are bound to it: it is made once and kept. */
export const newVapidKeys = (): Pick<WebPushConfig, 'publicKey' | 'privateKey'> => webPush.generateVAPIDKeys()

export function openWebPush(
  vapidDetails: WebPushConfig,
  { poster, clock }: { poster: Poster; clock: Clock },
): Channel {
  return {
    kind: 'web_push',
    async send(message, { signal }) {
      const details = sealed(message, subscriptionIn(message.to), vapidDetails)
      const answer = await poster.post({ ...details, signal })
      requireTaken(answer, clock.now())
      const { location } = answer.headers
      return location === undefined ? {} : { providerId: location.slice(0, 200) }
    },
    close: async () => poster.close(),
  }
}

function subscriptionIn(to: string): Subscription {
  const subscription = subscriptionSchema.safeParse(parsed(to)).data
  if (subscription) return subscription
  throw new ChannelError('no_such_recipient', 'this is not a push subscription')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller names it
  }
}

/** A second try replaces the first at the push service, where that has not been delivered yet: they share a topic. */
function sealed(message: Message, subscription: Subscription, vapidDetails: WebPushConfig) {
  const payload = payloadOf(message)
  const { subject, publicKey, privateKey } = vapidDetails
  try {
    const { endpoint, headers, body } = webPush.generateRequestDetails(subscription, payload, {
      vapidDetails: { subject, publicKey, privateKey },
      TTL: KEEP_FOR_S,
      urgency: message.urgent ? 'high' : 'normal',
      topic: createHash('sha256').update(message.key).digest('base64url').slice(0, TOPIC_LENGTH),
    })
    const written = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])
    return { url: endpoint, headers: Object.fromEntries(written) as Record<string, string>, body }
  } catch {
    // What it throws repeats keys.
    throw new ChannelError('no_such_recipient', 'nothing can be encrypted for this subscription')
  }
}

function payloadOf({ key, title, text, link, map, urgent, at }: Message): string {
  const payload = JSON.stringify({
    key,
    title: shortened(title, TITLE_MAX_BYTES),
    text: shortened(text, TEXT_MAX_BYTES),
    link,
    map,
    urgent,
    at,
  })
  if (Buffer.byteLength(payload) <= PAYLOAD_MAX_BYTES) return payload
  throw new ChannelError('too_long', 'this is too long for a push message')
}

/** Answers of push services by RFC 8030. */
const STATUSES: Readonly<Record<number, SendReason>> = {
  400: 'message_refused',
  401: 'bad_credentials',
  403: 'bad_credentials',
  404: 'subscription_gone',
  410: 'subscription_gone',
  413: 'too_long',
  429: 'rate_limited',
}

function requireTaken({ status, headers }: Answer, now: number): void {
  if (status >= 200 && status < 300) return
  const reason = STATUSES[status] ?? (status >= 500 ? 'busy' : 'unclear_answer')
  throw new ChannelError(reason, `the push service answered ${status}`, {
    vendorCode: String(status),
    ...retryAfterOf(headers, now),
  })
}
