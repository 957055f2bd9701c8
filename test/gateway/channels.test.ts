import { describe, expect, test } from 'vitest'
import { createGuard } from '../../alerts/channels/guard.ts'
import { channelsFor } from '../../records/channels.ts'
import { SUBSCRIPTIONS_MAX, subscriptionsOf } from '../../records/push-subscriptions.ts'
import { LOOPBACK, reply, startReceiver } from '../alerts/channels/receiver.ts'
import { startDesk } from './desk.ts'

const secret = 'a secret of tests'
const guard = createGuard({
  allowed: LOOPBACK,
  resolve: async host => [{ address: host.startsWith('inside') ? '10.0.0.1' : '93.184.216.34', family: 4 }],
})

async function start() {
  const desk = await startDesk({ guard })
  const admin = await desk.person('admin')
  const add = (body: object) => admin.call('POST', '/channels', { name: '值班', ...body })
  return { desk, admin, add }
}

const CONFIGS = {
  webhook: { url: 'https://hooks.example.com/a?key=k1', secret },
  smtp: {
    host: 'mail.example.com',
    port: 587,
    security: 'starttls',
    user: 'u',
    password: 'p1',
    from: 'a@b.c',
  },
  aliyun_sms: {
    accessKeyId: 'i',
    accessKeySecret: 's1',
    signName: '安心',
    templates: { 'alarm.zh': 'SMS_1' },
  },
  wecom: { key: 'k2' },
  dingtalk: { accessToken: 't1' },
  web_push: { subject: 'mailto:desk@example.com' },
}

test.each(Object.entries(CONFIGS))('%s is added, and its secrets never come back', async (kind, config) => {
  const { desk, admin, add } = await start()
  const { status, body: made } = await add({ kind, config })
  expect(status).toBe(201)
  const { body: got } = await admin.call('GET', `/channels/${made.id}`)
  const { body: list } = await admin.call('GET', `/channels?kind=${kind}`)
  const { body: changed } = await admin.call('PATCH', `/channels/${made.id}`, { enabled: false })
  expect(got).toEqual(made)
  expect(list.items).toEqual([made])
  expect(changed).toEqual({ ...made, enabled: false })
  const shown = JSON.stringify([made, got, list, changed, desk.logged])
  for (const hidden of [secret, 'p1', 's1', 'k1', 'k2', 't1']) expect(shown).not.toContain(`"${hidden}"`)
  expect(shown).not.toContain('key=k1')
  expect(Object.values(made.secrets)).toContain('set')
  const [stored] = await channelsFor(desk.records.db, { areaId: 'root' })
  expect(stored).toBe(undefined) // it is not enabled
})

test('a browser is bound to a key: it is made once, and cannot be changed', async () => {
  const { admin, add } = await start()
  const { body: made } = await add({ kind: 'web_push', config: CONFIGS.web_push })
  expect(made.config.publicKey).toMatch(/^[A-Za-z0-9_-]{80,}$/)
  expect(made.secrets).toEqual({ privateKey: 'set' })
  const subject = 'mailto:other@example.com'
  const { body: changed } = await admin.call('PATCH', `/channels/${made.id}`, { config: { subject } })
  expect(changed.config).toEqual({ ...made.config, subject })
  const { status } = await admin.call('PATCH', `/channels/${made.id}`, { config: { publicKey: 'x' } })
  expect(status).toBe(400)
})

describe('what cannot be set up', () => {
  const REFUSED: [kind: string, config: object, path: string, reason: string][] = [
    ['webhook', { url: 'https://10.0.0.1/', secret }, 'config.url', 'a private address'],
    ['webhook', { url: 'https://inside.example.com/', secret }, 'config.url', 'a name that answers one'],
    ['webhook', { url: 'http://hooks.example.com/', secret }, 'config.url', 'in clear'],
    [
      'webhook',
      { url: 'https://hooks.example.com/', secret: 'short' },
      'body.config.secret',
      'it would be guessed',
    ],
    [
      'webhook',
      { url: 'https://hooks.example.com/' },
      'body.config.secret',
      'nobody could tell who it is from',
    ],
    ['smtp', { ...CONFIGS.smtp, host: 'inside.example.com' }, 'config.host', 'a private address'],
    ['smtp', { ...CONFIGS.smtp, security: 'none' }, 'config.host', 'in clear'],
    ['smtp', { ...CONFIGS.smtp, from: 'a@b.c\r\nBcc: d@e.f' }, 'body.config.from', 'a line of its own'],
    [
      'aliyun_sms',
      { ...CONFIGS.aliyun_sms, endpoint: 'https://sms.example.com' },
      'config.endpoint',
      'not theirs',
    ],
    [
      'aliyun_sms',
      { ...CONFIGS.aliyun_sms, templates: { x: 'y' } },
      'body.config.templates.x',
      'no template',
    ],
    ['wecom', { key: 'k', url: 'https://inside.example.com/' }, 'config.url', 'a private address'],
    ['dingtalk', { accessToken: 't', url: 'https://[fe80::1]/' }, 'config.url', 'an address of one wire'],
    ['web_push', { subject: 'desk@example.com' }, 'body.config.subject', 'no URL'],
    ['web_push', { ...CONFIGS.web_push, privateKey: 'x' }, 'body.config.privateKey', 'made by the hub'],
    ['pager', {}, 'body.kind', 'not known'],
  ]

  test('is refused by the field that is wrong', async () => {
    const { admin, add } = await start()
    for (const [kind, config, path, reason] of REFUSED) {
      const { status, body } = await add({ kind, config })
      const paths = status === 400 ? body.errors.map((error: { path: string }) => error.path) : []
      expect.soft(paths, `${kind}: ${reason}`).toContain(path)
    }
    expect((await admin.call('GET', '/channels')).body.items).toEqual([])
  })

  test('a secret does not follow to another address', async () => {
    const { admin, add } = await start()
    const { body: made } = await add({ kind: 'smtp', config: CONFIGS.smtp })
    const move = (config: object) => admin.call('PATCH', `/channels/${made.id}`, { config })
    expect(await move({ host: 'mine.example.com' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'config.password' }] },
    })
    expect(await move({ host: 'mine.example.com', password: 'p2' })).toMatchObject({ status: 200 })
    expect(await move({ user: 'other' })).toMatchObject({ status: 200, body: { config: { user: 'other' } } })
    expect(await move({ password: null })).toMatchObject({
      status: 200,
      body: { secrets: { password: 'not_set' } },
    })
    expect(await move({ host: '10.0.0.1' })).toMatchObject({ status: 400 })
    expect(await move({ from: null })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'config.from' }] },
    })
  })
})

describe('a test message', () => {
  test('is sent, signed, also while the channel is off', async () => {
    const receiver = await startReceiver()
    const { desk, admin, add } = await start()
    const { body: made } = await add({
      kind: 'webhook',
      enabled: false,
      config: { url: receiver.url, secret },
    })
    const { status, body } = await admin.call('POST', `/channels/${made.id}/test`, { language: 'en' })
    expect({ status, body }).toEqual({ status: 200, body: { sent: true } })
    expect(JSON.parse(String(receiver.received[0]?.body))).toMatchObject({
      template: 'test',
      title: 'TEST – a test message from Anxin',
    })
    expect(await desk.metric(/anxin_sends_total\{channel="webhook",outcome="sent"\} (\d+)/)).toBe(1)
  })

  test('that does not leave is told with its reason, and no secret', async () => {
    const receiver = await startReceiver(reply(401, secret))
    const { admin, add } = await start()
    const { body: made } = await add({ kind: 'webhook', config: { url: receiver.url, secret } })
    const { status, body } = await admin.call('POST', `/channels/${made.id}/test`, {})
    expect(status).toBe(200)
    expect(body).toEqual({
      sent: false,
      reason: 'bad_credentials',
      outcome: 'refused',
      vendorCode: '401',
      detail: 'the receiver answered 401',
    })
  })

  test('of a channel that is not there', async () => {
    const { admin } = await start()
    expect(await admin.call('POST', '/channels/none/test', {})).toMatchObject({ status: 404 })
  })
})

test('a channel belongs to an area, and serves what lies in it', async () => {
  const { desk, admin, add } = await start()
  await admin.call('POST', '/areas', { id: 'district', parentId: 'root', name: '区', level: 'district' })
  await admin.call('POST', '/areas', { id: 'street', parentId: 'district', name: '街道', level: 'street' })
  await admin.call('POST', '/areas', { id: 'other', parentId: 'root', name: '别处', level: 'district' })
  for (const areaId of ['root', 'district', 'other']) {
    await add({ id: `of_${areaId}`, kind: 'wecom', areaId, config: CONFIGS.wecom })
  }
  const ids = async (areaId: string) => (await channelsFor(desk.records.db, { areaId })).map(({ id }) => id)
  expect(await ids('street')).toEqual(['of_district', 'of_root'])
  expect(await ids('other')).toEqual(['of_other', 'of_root'])
  expect(await ids('root')).toEqual(['of_root'])

  const local = await desk.person('admin', 'district')
  expect((await local.call('GET', '/channels')).body.items).toMatchObject([{ id: 'of_district' }])
  for (const [method, path, body] of [
    ['GET', '/channels/of_root'],
    ['PATCH', '/channels/of_other', { name: '我的' }],
    ['DELETE', '/channels/of_root'],
    ['POST', '/channels/of_root/test', {}],
  ] as const) {
    expect.soft(await local.call(method, path, body), `${method} ${path}`).toMatchObject({ status: 404 })
  }
  const outside = { kind: 'wecom', name: 'x', areaId: 'other', config: CONFIGS.wecom }
  expect(await local.call('POST', '/channels', outside)).toMatchObject({ status: 400 })
  expect(await admin.call('DELETE', '/areas/other')).toMatchObject({ status: 409 })

  expect(await admin.call('DELETE', '/channels/of_district')).toMatchObject({ status: 204 })
  expect(await ids('street')).toEqual(['of_root'])
  const kept = await desk.records.db
    .selectFrom('channels')
    .selectAll()
    .where('id', '=', 'of_district')
    .execute()
  expect(JSON.stringify(kept)).not.toContain('k2')
})

describe('browsers', () => {
  const browser = (n: number, host = 'push.example.com') => ({
    endpoint: `https://${host}/${n}`,
    keys: { p256dh: 'p', auth: 'a' },
  })

  test('subscribe by the key of the nearest channel, a few of each account, and leave again', async () => {
    const { desk, add } = await start()
    const operator = await desk.person('operator')
    expect(await operator.call('GET', '/push')).toMatchObject({ status: 404 })
    const { body: made } = await add({ kind: 'web_push', config: CONFIGS.web_push })
    expect((await operator.call('GET', '/push')).body).toEqual({
      channelId: made.id,
      publicKey: made.config.publicKey,
    })
    for (let n = 0; n <= SUBSCRIPTIONS_MAX; n++) {
      desk.clock.advance(1_000)
      expect((await operator.call('POST', '/push', browser(n))).status).toBe(204)
    }
    const kept = await subscriptionsOf(desk.records.db, { userId: operator.id })
    expect(kept).toHaveLength(SUBSCRIPTIONS_MAX)
    expect(JSON.parse(kept[0]?.subscription ?? '')).toEqual(browser(SUBSCRIPTIONS_MAX))

    const other = await desk.person('operator')
    await other.call('DELETE', '/push', { endpoint: browser(5).endpoint })
    expect(await subscriptionsOf(desk.records.db, { userId: operator.id })).toHaveLength(SUBSCRIPTIONS_MAX)
    await operator.call('DELETE', '/push', { endpoint: browser(5).endpoint })
    await other.call('POST', '/push', browser(6))
    const rest = await subscriptionsOf(desk.records.db, { userId: operator.id })
    expect(rest).toHaveLength(SUBSCRIPTIONS_MAX - 2)
  })

  test('name no address inside of the network', async () => {
    const { admin, add } = await start()
    await add({ kind: 'web_push', config: CONFIGS.web_push })
    expect(await admin.call('POST', '/push', browser(1, '10.0.0.1'))).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'endpoint' }] },
    })
  })

  test('that are gone are forgotten when they are told', async () => {
    const receiver = await startReceiver(reply(410))
    const { desk, admin, add } = await start()
    const { body: made } = await add({ kind: 'web_push', config: CONFIGS.web_push })
    const keys = {
      p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    }
    const subscription = { endpoint: `${receiver.url}/1`, keys }
    expect(await admin.call('POST', '/push', subscription)).toMatchObject({ status: 204 })
    const to = JSON.stringify(subscription)
    const { body } = await admin.call('POST', `/channels/${made.id}/test`, { to })
    expect(body).toMatchObject({ sent: false, reason: 'subscription_gone' })
    expect(await subscriptionsOf(desk.records.db, { userId: admin.id })).toEqual([])
  })
})
