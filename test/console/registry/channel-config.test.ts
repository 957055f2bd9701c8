import { describe, expect, it } from 'vitest'
import {
  CONFIG_FIELDS,
  changeOfChannel,
  newChannel,
  toFields,
} from '../../../console/registry/rules/channel-config.ts'
import {
  CHANNEL_KINDS,
  CHANNEL_MADE_UP,
  CHANNEL_SECRETS,
  channelConfigSchemas,
  type ShownChannel,
} from '../../../model/channel.ts'

const sms: ShownChannel = {
  id: 'ch_1',
  kind: 'aliyun_sms',
  name: '短信',
  areaId: 'root',
  enabled: true,
  config: { accessKeyId: 'LTAI', signName: '安心', templates: { 'alarm.zh': 'SMS_1', 'alarm.en': 'SMS_2' } },
  secrets: { accessKeySecret: 'set' },
}

it.each(CHANNEL_KINDS)('asks for all that a %s is set up by, and for its secrets as such', kind => {
  const madeUp: readonly string[] = CHANNEL_MADE_UP[kind]
  const secrets: readonly string[] = CHANNEL_SECRETS[kind]
  const wanted = Object.keys(channelConfigSchemas[kind].shape).filter(name => !madeUp.includes(name))
  expect(CONFIG_FIELDS[kind].map(({ name }) => name).sort()).toEqual(wanted.sort())
  const asked = CONFIG_FIELDS[kind].filter(({ as }) => as === 'password').map(({ name }) => name)
  expect(asked.sort()).toEqual(secrets.filter(name => !madeUp.includes(name)).sort())
})

it('sets a channel up with what was filled in', () => {
  const values = {
    name: '邮件',
    areaId: null,
    'config.host': 'mail.example.com',
    'config.port': 465,
    'config.security': 'tls',
    'config.from': 'desk@example.com',
    'config.user': null,
    'config.password': null,
  }
  const body = newChannel('smtp', values)
  expect(body).toEqual({
    kind: 'smtp',
    name: '邮件',
    config: { host: 'mail.example.com', port: 465, security: 'tls', from: 'desk@example.com' },
  })
})

describe('a change', () => {
  it('names nothing when nothing was changed', () => {
    const { 'config.accessKeySecret': _, ...shown } = toFields(sms)
    expect(
      changeOfChannel(sms, { ...shown, 'config.accessKeySecret': null, 'config.endpoint': null }),
    ).toEqual({})
  })

  it('takes an emptied field away and leaves an empty secret as it is', () => {
    const push: ShownChannel = {
      ...sms,
      kind: 'wecom',
      config: { url: 'https://a.example' },
      secrets: { key: 'set' },
    }
    const change = changeOfChannel(push, {
      name: '群',
      areaId: 'root',
      'config.url': null,
      'config.key': null,
    })
    expect(change).toEqual({ name: '群', config: { url: null } })
  })

  it('reads templates line by line, and leaves it to the hub to say what is none', () => {
    const change = changeOfChannel(sms, {
      ...toFields(sms),
      'config.accessKeySecret': null,
      'config.templates': ' alarm.zh = SMS_9 \n\nnonsense',
    })
    expect(change).toEqual({ config: { templates: { 'alarm.zh': 'SMS_9', nonsense: '' } } })
  })
})
