// The ways on which the hub reaches people: which there are, how each is set up, and what of that is secret.

import { z } from 'zod'
import { PER_MINUTE_MAX, PER_MINUTE_MIN } from './channel-rate.ts'
import { idSchema } from './id.ts'
import { nameSchema, textSchema } from './text.ts'

export const CHANNEL_KINDS = ['webhook', 'smtp', 'aliyun_sms', 'wecom', 'dingtalk', 'web_push'] as const
export const channelKindSchema = z.enum(CHANNEL_KINDS)
export type ChannelKind = z.infer<typeof channelKindSchema>

/** The languages that messages are written in. */
export const LANGUAGES = ['zh', 'en'] as const
export const languageSchema = z.enum(LANGUAGES)
export type Language = z.infer<typeof languageSchema>

const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).max(2_000)
/** Short ones are guessed. */
const secret = textSchema(1_000).min(16, 'must have at least 16 characters')
const given = textSchema(1_000).min(1)
/** An address as mail has it, alone or behind a name; nothing in it ends a line. */
const mailAddress = z
  .string()
  .max(320)
  .regex(/^(?:[^<>\p{Cc}]{0,100}<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/u, 'must be a mail address')

/** At most so many messages a minute, of all processes together; those of its kind (channel-rate.ts) where it is absent. */
export const perMinuteSchema = z.number().int().min(PER_MINUTE_MIN).max(PER_MINUTE_MAX)
const perMinute = perMinuteSchema.optional()

/** `tls` from the first byte, `starttls` before anything is said; `none` only inside of a network of one's own. */
const smtpSchema = z.strictObject({
  host: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65_535),
  security: z.enum(['tls', 'starttls', 'none']),
  user: textSchema(320).optional(),
  password: given.optional(),
  from: mailAddress,
  perMinute,
})

/** The vendor's codes of the texts that were registered there, such as `{ "alarm.zh": "SMS_480012345" }`. */
const smsTemplates = z.record(
  z.string().regex(/^[a-z_]{1,40}\.(zh|en)$/, 'must be a template and a language, such as alarm.zh'),
  z.string().regex(/^SMS_[0-9A-Za-z]{1,32}$/, 'must be a code such as SMS_480012345'),
)

/** How each kind is set up, as it is stored. `url` and `endpoint` stand for the vendor's own where they are absent. */
export const channelConfigSchemas = {
  webhook: z.strictObject({ url, secret, perMinute }),
  smtp: smtpSchema,
  aliyun_sms: z.strictObject({
    accessKeyId: given,
    accessKeySecret: given,
    signName: textSchema(40).min(1),
    templates: smsTemplates,
    endpoint: url.optional(),
    perMinute,
  }),
  wecom: z.strictObject({ key: given, url: url.optional(), perMinute }),
  dingtalk: z.strictObject({ accessToken: given, secret: given.optional(), url: url.optional(), perMinute }),
  web_push: z.strictObject({
    /** Whom a push service asks when something is wrong: `mailto:` or https. */
    subject: z
      .string()
      .max(320)
      .regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, 'must be mailto: or https:'),
    publicKey: given,
    privateKey: given,
    perMinute,
  }),
} as const satisfies Record<ChannelKind, z.ZodType>

export type ChannelConfigs = { [K in ChannelKind]: z.output<(typeof channelConfigSchemas)[K]> }
export type WebhookConfig = ChannelConfigs['webhook']
export type SmtpConfig = ChannelConfigs['smtp']
export type AliyunSmsConfig = ChannelConfigs['aliyun_sms']
export type WecomConfig = ChannelConfigs['wecom']
export type DingtalkConfig = ChannelConfigs['dingtalk']
export type WebPushConfig = ChannelConfigs['web_push']

/** Fields that are written and never shown. */
export const CHANNEL_SECRETS = {
  webhook: ['secret'],
  smtp: ['password'],
  aliyun_sms: ['accessKeySecret'],
  wecom: ['key'],
  dingtalk: ['accessToken', 'secret'],
  web_push: ['privateKey'],
} as const satisfies { [K in ChannelKind]: readonly (keyof ChannelConfigs[K])[] }

/** Where secrets are sent to: who changes one of these gives the secrets again, or they would go to a stranger. */
export const CHANNEL_ADDRESSES = {
  webhook: ['url'],
  smtp: ['host', 'port', 'security'],
  aliyun_sms: ['endpoint'],
  wecom: ['url'],
  dingtalk: ['url'],
  web_push: [],
} as const satisfies { [K in ChannelKind]: readonly (keyof ChannelConfigs[K])[] }

/** What the hub makes up itself when a channel is added. */
export const CHANNEL_MADE_UP = {
  webhook: [],
  smtp: [],
  aliyun_sms: [],
  wecom: [],
  dingtalk: [],
  web_push: ['publicKey', 'privateKey'],
} as const satisfies { [K in ChannelKind]: readonly (keyof ChannelConfigs[K])[] }

/** A channel as people see it. */
export const channelSchema = z
  .object({
    id: idSchema,
    kind: channelKindSchema,
    name: nameSchema,
    /** Alarms of this area and of all below it are told by it. */
    areaId: idSchema,
    enabled: z.boolean(),
    /** Without what is secret; the query of a URL may hold a secret and is not shown either. */
    config: z.record(z.string(), z.unknown()),
    secrets: z.record(z.string(), z.enum(['set', 'not_set'])),
  })
  .meta({ id: 'Channel' })

export type ShownChannel = z.infer<typeof channelSchema>
