// How each kind of channel is set up, as the fields of a form and back (pure). What is secret goes in and never comes out:
// such a field begins empty, and stays what it was when it is left so.

import type { ChannelKind, ShownChannel } from '../../../model/channel.ts'
import { CHANNEL_RATES, PER_MINUTE_MAX, PER_MINUTE_MIN } from '../../../model/channel-rate.ts'
import { changesOf } from '../answers.ts'
import type { FieldSpec, Values } from '../parts/field-spec.ts'

export type ConfigField = Pick<FieldSpec, 'as' | 'required' | 'min' | 'max' | 'placeholder' | 'wide'> & {
  name: string
  options?: readonly string[]
}

const ADDRESS = { name: 'url', as: 'text', max: 2_000, wide: true } as const

/** Empty: as usual for its kind, which stands in it as long as nothing is typed. */
const rateOf = (kind: ChannelKind): ConfigField => {
  const usual = CHANNEL_RATES[kind]
  const bounds = { min: PER_MINUTE_MIN, max: PER_MINUTE_MAX }
  return { name: 'perMinute', as: 'number', ...bounds, ...(usual !== null && { placeholder: String(usual) }) }
}

/** `password`: secret. An address that is not required is the vendor's own where it is left empty. */
export const CONFIG_FIELDS: Readonly<Record<ChannelKind, readonly ConfigField[]>> = {
  webhook: [
    { ...ADDRESS, required: true, placeholder: 'https://…' },
    { name: 'secret', as: 'password', required: true },
    rateOf('webhook'),
  ],
  smtp: [
    { name: 'host', as: 'text', required: true, max: 253, placeholder: 'smtp.example.com' },
    { name: 'port', as: 'number', required: true, min: 1, max: 65_535 },
    { name: 'security', as: 'choice', required: true, options: ['tls', 'starttls', 'none'] },
    { name: 'from', as: 'text', required: true, max: 320, placeholder: 'desk@example.com' },
    { name: 'user', as: 'text', max: 320 },
    { name: 'password', as: 'password' },
    rateOf('smtp'),
  ],
  aliyun_sms: [
    { name: 'accessKeyId', as: 'text', required: true, max: 1_000 },
    { name: 'accessKeySecret', as: 'password', required: true },
    { name: 'signName', as: 'text', required: true, max: 40 },
    { name: 'templates', as: 'long', required: true, placeholder: 'alarm.zh=SMS_480012345' },
    { name: 'endpoint', as: 'text', max: 2_000, wide: true },
    rateOf('aliyun_sms'),
  ],
  wecom: [{ name: 'key', as: 'password', required: true }, ADDRESS, rateOf('wecom')],
  dingtalk: [
    { name: 'accessToken', as: 'password', required: true },
    { name: 'secret', as: 'password' },
    ADDRESS,
    rateOf('dingtalk'),
  ],
  web_push: [
    {
      name: 'subject',
      as: 'text',
      required: true,
      max: 320,
      placeholder: 'mailto:desk@example.com',
      wide: true,
    },
    rateOf('web_push'),
  ],
}

/** As the hub names them when one is wrong. */
export const fieldName = (name: string): string => `config.${name}`

/** What stands in the form of a channel that is there already. */
export const toFields = ({ kind, name, areaId, config }: ShownChannel): Values => ({
  name,
  areaId,
  ...Object.fromEntries(
    CONFIG_FIELDS[kind].map(field => [
      fieldName(field.name),
      field.name === 'templates' ? toLines(config.templates) : (config[field.name] ?? undefined),
    ]),
  ),
})

/** The body of a new channel. */
export function newChannel(kind: ChannelKind, { name, areaId, ...values }: Values): object {
  const config = Object.entries(configOf(kind, values)).filter(([, value]) => value !== null)
  return { kind, name, ...(areaId !== null && { areaId }), config: Object.fromEntries(config) }
}

/** What was changed; a field that was emptied is taken away, a secret that was left empty stays. */
export function changeOfChannel(channel: ShownChannel, { name, areaId, ...values }: Values): Values {
  const isSecret = new Set(
    CONFIG_FIELDS[channel.kind].filter(({ as }) => as === 'password').map(field => field.name),
  )
  const typed = Object.entries(configOf(channel.kind, values)).filter(
    ([field, value]) => value !== null || !isSecret.has(field),
  )
  const config = changesOf(channel.config, Object.fromEntries(typed))
  return {
    ...changesOf(channel, { name, areaId }),
    ...(Object.keys(config).length > 0 && { config }),
  }
}

const configOf = (kind: ChannelKind, values: Values): Record<string, unknown> =>
  Object.fromEntries(
    CONFIG_FIELDS[kind].map(({ name }) => {
      const value = values[fieldName(name)] ?? null
      return [name, name === 'templates' && typeof value === 'string' ? fromLines(value) : value]
    }),
  )

/** One a line, `alarm.zh=SMS_480012345`. */
const toLines = (templates: unknown): string =>
  Object.entries((templates ?? {}) as Record<string, string>)
    .map(([template, code]) => `${template}=${code}`)
    .join('\n')

/** A line that is none goes to the hub as it is, which says what is wrong with it. */
const fromLines = (lines: string): Record<string, string> =>
  Object.fromEntries(
    lines
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== '')
      .map(line => {
        const [template = '', ...code] = line.split('=')
        return [template.trim(), code.join('=').trim()]
      }),
  )
