// Aliyun SMS through the vendor's SDK. No such server can run here: this is a recorded contract of the request and the
// answers that the vendor documents for SendSms (version 2017-05-25), played by a server on loopback.

import { expect, test } from 'vitest'
import { ALIYUN_CODES } from '../../../alerts/channels/aliyun-sms.ts'
import type { Message } from '../../../alerts/channels/channel.ts'
import { createGuard } from '../../../alerts/channels/guard.ts'
import { eventually } from '../../eventually.ts'
import { failure, message, opened, type Reply, reply, send, startReceiver, testParts } from './receiver.ts'

const ACCEPTED = { Code: 'OK', Message: 'OK', RequestId: 'F655A8D5', BizId: '900619746936498440^0' }
const refused = (Code: string, status = 200): Reply =>
  reply(status, { Code, Message: 'as documented', RequestId: 'F655A8D5' })

async function start(answer: Reply = reply(200, ACCEPTED), timeoutMs = 20_000) {
  const receiver = await startReceiver((request, response) => {
    response.setHeader('content-type', 'application/json')
    answer(request, response)
  })
  const config = {
    accessKeyId: 'id_of_tests',
    accessKeySecret: 'secret_of_tests',
    signName: '安心',
    templates: { 'alarm.zh': 'SMS_1', 'alarm_link.zh': 'SMS_2', 'test.zh': 'SMS_3' },
    endpoint: receiver.url,
  }
  const parts = testParts({ timeoutMs })
  return { receiver, parts, config, sms: opened({ kind: 'aliyun_sms', config }, parts) }
}

const to = '138 0000-0000'

test('the documented request, with the key as OutId and the values that the text asks for', async () => {
  const { receiver, sms } = await start()
  expect(await send(sms, { to })).toEqual({ providerId: ACCEPTED.BizId })
  const [{ url, headers }] = receiver.received as [(typeof receiver.received)[0]]
  const { TemplateParam, ...query } = Object.fromEntries(url.searchParams)
  expect(query).toEqual({
    PhoneNumbers: '13800000000',
    SignName: '安心',
    TemplateCode: 'SMS_2',
    OutId: message().key,
  })
  expect(JSON.parse(TemplateParam ?? '')).toEqual({ ...message().values, code: 'r/abc' })
  expect(headers).toMatchObject({ 'x-acs-action': 'SendSms', 'x-acs-version': '2017-05-25' })
  expect(headers.authorization).toMatch(/^ACS3-HMAC-SHA256 Credential=id_of_tests,/)
})

test('a link that is too long for a value is left to the text without one', async () => {
  const { receiver, sms } = await start()
  await send(sms, { to, link: `https://hub.example/r/${'x'.repeat(60)}` })
  const { searchParams } = (receiver.received[0] ?? expect.fail()).url
  expect(searchParams.get('TemplateCode')).toBe('SMS_1')
  expect(JSON.parse(searchParams.get('TemplateParam') ?? '')).toEqual(message().values)
})

test.each(Object.entries(ALIYUN_CODES))('%s is %s', async (code, reason) => {
  const { receiver, sms } = await start(refused(code))
  expect(await failure(send(sms, { to }))).toMatchObject({ reason, vendorCode: code })
  expect(receiver.received).toHaveLength(1)
})

test.each([
  ['SignatureDoesNotMatch', 400, 'bad_credentials'],
  ['InvalidAccessKeyId.NotFound', 404, 'bad_credentials'],
  ['Throttling.User', 400, 'rate_limited'],
  ['ServiceUnavailable', 503, 'busy'],
  ['SomethingNew', 500, 'busy'],
  ['SomethingNew', 400, 'message_refused'],
])('%s with status %i is %s, after one try', async (code, status, reason) => {
  const { receiver, sms } = await start(refused(code, status))
  expect(await failure(send(sms, { to }))).toMatchObject({ reason })
  expect(receiver.received).toHaveLength(1)
})

test.each([
  ['an answer without a code', reply(200, {}), 'message_refused'],
  ['a vendor that hangs up', (_request, response) => void response.socket?.destroy(), 'unreachable'],
] satisfies [string, Reply, string][])('%s: %s', async (_name, answer, reason) => {
  const { sms } = await start(answer)
  expect(await failure(send(sms, { to }))).toMatchObject({ reason })
})

test('a vendor that hangs: timed_out', async () => {
  const { sms } = await start(() => undefined, 400)
  expect(await failure(send(sms, { to }))).toMatchObject({ reason: 'timed_out' })
})

test.each(['', '110', '12345', 'abc', '13800000000,13900000000', '+8613800000000x'])(
  '%j is no number',
  async to => {
    const { receiver, sms } = await start()
    expect(await failure(send(sms, { to }))).toMatchObject({ reason: 'no_such_recipient' })
    expect(receiver.received).toEqual([])
  },
)

test.each<[change: Partial<Message>, reason: string, why: string]>([
  [{ template: 'ended' }, 'template_refused', 'no code for it'],
  [{ template: 'constructor' }, 'template_refused', 'a name of every object'],
  [{ language: 'en' }, 'template_refused', 'no code for the language'],
  [{ values: { name: '张＊＊' } }, 'value_missing', 'nothing is made up'],
])('%j is refused with %s: %s', async (change, reason) => {
  const { receiver, sms } = await start()
  expect(await failure(send(sms, { to, ...change }))).toMatchObject({ reason })
  expect(receiver.received).toEqual([])
})

test('nobody waits for the vendor longer than they want to', async () => {
  const { receiver, sms } = await start(() => undefined)
  const giveUp = new AbortController()
  const sending = failure(send(sms, { to }, giveUp.signal))
  await eventually(() => expect(receiver.received).toHaveLength(1))
  giveUp.abort()
  expect(await sending).toMatchObject({ reason: 'stopped' })
})

test('what fails tells no number, secret or signature', async () => {
  const { sms, parts } = await start(refused('SignatureDoesNotMatch', 400))
  const error = await failure(send(sms, { to }))
  const told = JSON.stringify([error.message, error.context, parts.logged])
  for (const hidden of ['13800000000', 'secret_of_tests', 'Signature=']) expect(told).not.toContain(hidden)
  expect(error.cause).toBe(undefined)
})

test.each([
  ['http://127.0.0.1:1/', 'the hub itself'],
  ['https://sms.example.com', 'not the vendor'],
  ['https://aliyuncs.com.example.com', 'looks like the vendor'],
  ['http://dysmsapi.aliyuncs.com', 'in clear'],
])('an endpoint %s is refused: %s', async endpoint => {
  const { config } = await start()
  const sms = opened(
    { kind: 'aliyun_sms', config: { ...config, endpoint } },
    testParts({ guard: createGuard() }),
  )
  expect(await failure(send(sms, { to }))).toMatchObject({ reason: 'address_refused' })
})
