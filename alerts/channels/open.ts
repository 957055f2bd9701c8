// From a row of the records to a channel: how each kind is opened, and what is counted of every send.

import { type ChannelConfigs, type ChannelKind, channelConfigSchemas } from '../../model/channel.ts'
import { CHANNEL_RATES } from '../../model/channel-rate.ts'
import type { Log } from '../../model/log.ts'
import type { Metrics } from '../../model/metrics.ts'
import type { Clock } from '../../model/time.ts'
import { openAliyunSms } from './aliyun-sms.ts'
import { type Channel, ChannelError, type Message, type SendReason } from './channel.ts'
import { openDingtalk } from './dingtalk.ts'
import type { Guard } from './guard.ts'
import { createPoster } from './post.ts'
import { openSmtp } from './smtp.ts'
import { openWebPush } from './web-push.ts'
import { openWebhook } from './webhook.ts'
import { openWecom } from './wecom.ts'

/** `config` is as it is stored, secrets included. */
export type ChannelRow = {
  id: string
  kind: ChannelKind
  config: unknown
  /** A host that the administrator of the hub has set by the environment: this channel may call it wherever it is. */
  trustedHost?: string
}

export type ChannelParts = {
  guard: Guard
  clock: Clock
  log: Log
  metrics: Pick<Metrics, 'sends'>
  /** A push subscription that its browser took back: it is not to be used again. */
  forget?: (subscription: string) => Promise<void>
  /** Certificates to trust instead of those of the system. */
  ca?: string
  timeoutMs?: number
}

type Openers = { [K in ChannelKind]: (config: ChannelConfigs[K], parts: ChannelParts) => Channel }

const OPENERS: Openers = {
  webhook: (config, parts) => openWebhook(config, { poster: createPoster(parts), clock: parts.clock }),
  smtp: openSmtp,
  aliyun_sms: openAliyunSms,
  wecom: (config, parts) => openWecom(config, { poster: createPoster(parts), clock: parts.clock }),
  dingtalk: (config, parts) => openDingtalk(config, { poster: createPoster(parts), clock: parts.clock }),
  web_push: (config, parts) => openWebPush(config, { poster: createPoster(parts), clock: parts.clock }),
}

/** Never throws: a channel that is set up wrongly refuses every message, and says so. Close it when it is not needed. */
export function openChannel(row: ChannelRow, parts: ChannelParts): Channel {
  const { trustedHost } = row
  const guard = trustedHost === undefined ? parts.guard : parts.guard.trusting(trustedHost)
  return counted(openedOrRefusing(row, { ...parts, guard }), row, parts)
}

function openedOrRefusing({ kind, config }: ChannelRow, parts: ChannelParts): Channel {
  try {
    return openKind(kind, config, parts)
  } catch (error) {
    const refusal =
      error instanceof ChannelError
        ? error
        : new ChannelError('bad_config', 'the channel is not set up as it needs to be', { cause: error })
    return { kind, send: async () => Promise.reject(refusal), close: async () => undefined }
  }
}

function openKind<K extends ChannelKind>(kind: K, config: unknown, parts: ChannelParts): Channel {
  const schema = channelConfigSchemas[kind]
  const parsed = schema.safeParse(config)
  // What is wrong may be a secret: the fields are named, their values are not.
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ')
    throw new ChannelError('bad_config', `the channel is not set up as it needs to be: ${fields}`)
  }
  const set = parsed.data as ChannelConfigs[K]
  const channel = OPENERS[kind](set, parts)
  const perMinute = set.perMinute ?? CHANNEL_RATES[kind]
  return perMinute === null ? channel : { ...channel, perMinute }
}

/** The key leaves in headers and ids of mail. */
const KEY = /^[A-Za-z0-9_.-]{1,64}$/

function counted(channel: Channel, { id }: ChannelRow, { log, metrics, forget }: ChannelParts): Channel {
  const { kind, perMinute } = channel
  const count = (outcome: SendReason | 'sent'): void => metrics.sends.inc({ channel: kind, outcome })

  async function sendOnce(message: Message, options: { signal: AbortSignal }) {
    if (!KEY.test(message.key))
      throw new ChannelError('message_refused', 'the key of a message is 1 to 64 letters')
    if (options.signal.aborted) throw new ChannelError('stopped', 'the hub gave up before it began')
    return channel.send(message, options)
  }

  return {
    kind,
    ...(perMinute !== undefined && { perMinute }),
    async send(message, options) {
      try {
        const sent = await sendOnce(message, options)
        count('sent')
        return sent
      } catch (error) {
        const failure = asChannelError(error)
        count(failure.reason)
        if (failure.reason === 'failed') log.error({ error, channelId: id }, 'a channel failed')
        if (failure.reason === 'subscription_gone') {
          await forget?.(message.to).catch((error: unknown) =>
            log.warn({ error, channelId: id }, 'a push subscription that is gone could not be removed'),
          )
        }
        throw failure
      }
    },
    close: () => channel.close(),
  }
}

const asChannelError = (error: unknown): ChannelError =>
  error instanceof ChannelError
    ? error
    : new ChannelError('failed', 'the hub could not send this', { cause: error })
