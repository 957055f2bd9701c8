// Robots of group chats: what goes out, and what every documented answer means. The robots here are recorded contracts
// of what the vendors document, played by a server on loopback.

import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { SendReason } from '../../../alerts/channels/channel.ts'
import { DINGTALK_CODES, signDingtalk } from '../../../alerts/channels/dingtalk.ts'
import { shortened } from '../../../alerts/channels/robot.ts'
import { WECOM_CODES } from '../../../alerts/channels/wecom.ts'
import {
  failure,
  message,
  NOW,
  opened,
  type Reply,
  reply,
  send,
  startReceiver,
  testParts,
} from './receiver.ts'

const taken = reply(200, { errcode: 0, errmsg: 'ok' })

async function startWecom(answer: Reply = taken) {
  const receiver = await startReceiver(answer)
  const config = { key: '693a91f6-7xxx', url: `${receiver.url}/cgi-bin/webhook/send` }
  return { receiver, robot: opened({ kind: 'wecom', config }) }
}

async function startDingtalk(answer: Reply = taken, secret: string | undefined = 'SECxxx') {
  const receiver = await startReceiver(answer)
  const config = { accessToken: 'tok_1', url: `${receiver.url}/robot/send`, ...(secret && { secret }) }
  return { receiver, robot: opened({ kind: 'dingtalk', config }) }
}

describe('WeCom (recorded contract)', () => {
  test('a text to the group, with whoever is meant called by number', async () => {
    const { receiver, robot } = await startWecom()
    await send(robot, { to: '13800000000', urgent: false })
    const [{ url, body }] = receiver.received as [(typeof receiver.received)[0]]
    expect(`${url.pathname}${url.search}`).toBe('/cgi-bin/webhook/send?key=693a91f6-7xxx')
    const { title, text, map, link } = message()
    expect(JSON.parse(String(body))).toEqual({
      msgtype: 'text',
      text: { content: `${title}\n${text}\n${map}\n${link}`, mentioned_mobile_list: ['13800000000'] },
    })
  })

  test('an emergency calls everybody', async () => {
    const { receiver, robot } = await startWecom()
    await send(robot)
    expect(JSON.parse(String(receiver.received[0]?.body)).text.mentioned_mobile_list).toEqual(['@all'])
  })

  test('a text is cut at 2,048 bytes, between letters', async () => {
    const { receiver, robot } = await startWecom()
    await send(robot, { text: '安'.repeat(1_000) })
    const { content } = JSON.parse(String(receiver.received[0]?.body)).text
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(2_048)
    expect(content).toMatch(/安…$/)
  })

  test.each<[code: number, reason: SendReason, retryAfterMs: number | undefined]>([
    [-1, 'busy', undefined],
    [45009, 'rate_limited', 60_000],
    [93000, 'bad_credentials', undefined],
    [45002, 'too_long', undefined],
    [99999, 'message_refused', undefined],
  ])('errcode %i is %s', async (errcode, reason, retryAfterMs) => {
    const { robot } = await startWecom(reply(200, { errcode, errmsg: 'api freq out of limit, hint: [...]' }))
    const error = await failure(send(robot))
    expect(error).toMatchObject({ reason, vendorCode: String(errcode) })
    expect(error.retryAfterMs).toBe(retryAfterMs)
  })
})

describe('DingTalk (recorded contract)', () => {
  test('a text, signed by the time and the secret of the robot', async () => {
    const { receiver, robot } = await startDingtalk()
    await send(robot, { to: '13800000000' })
    const [{ url, body }] = receiver.received as [(typeof receiver.received)[0]]
    const sign = createHmac('sha256', 'SECxxx').update(`${NOW}\nSECxxx`).digest('base64')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      access_token: 'tok_1',
      timestamp: String(NOW),
      sign,
    })
    expect(url.search).not.toMatch(/[+ ]/) // in a query a plus would be a blank
    expect(JSON.parse(String(body))).toMatchObject({
      msgtype: 'text',
      at: { atMobiles: ['13800000000'], isAtAll: true },
    })
  })

  test('the signature is the vendor’s', () => {
    expect(signDingtalk({ timestamp: 1_577_808_000_000, secret: 'this is secret' })).toBe(
      createHmac('sha256', 'this is secret').update('1577808000000\nthis is secret').digest('base64'),
    )
  })

  test('a robot that asks for no signature gets none', async () => {
    const { receiver, robot } = await startDingtalk(taken, '')
    await send(robot)
    expect([...(receiver.received[0]?.url.searchParams.keys() ?? [])]).toEqual(['access_token'])
  })

  test.each<[code: number, reason: SendReason, retryAfterMs: number | undefined]>([
    [-1, 'busy', undefined],
    [130101, 'rate_limited', 600_000],
    [410100, 'rate_limited', 600_000],
    [300001, 'bad_credentials', undefined],
    [310000, 'bad_credentials', undefined],
    [400013, 'bad_config', undefined],
    [12345, 'message_refused', undefined],
  ])('errcode %i is %s', async (errcode, reason, retryAfterMs) => {
    const { robot } = await startDingtalk(reply(200, { errcode, errmsg: 'send too fast' }))
    const error = await failure(send(robot))
    expect(error).toMatchObject({ reason, vendorCode: String(errcode) })
    expect(error.retryAfterMs).toBe(retryAfterMs)
  })
})

test.each<[name: string, answer: Reply, reason: SendReason]>([
  ['no JSON', reply(200, '<html>maintenance</html>'), 'unclear_answer'],
  ['no code', reply(200, { errmsg: 'ok' }), 'unclear_answer'],
  ['a code that is a text', reply(200, { errcode: '0' }), 'unclear_answer'],
  ['nothing', reply(200), 'unclear_answer'],
  ['a page of somebody else', reply(404, 'not found'), 'message_refused'],
  ['too many requests', reply(429), 'rate_limited'],
  ['a gateway that fails', reply(502, 'bad gateway'), 'busy'],
  ['well, and yet not', reply(500, { errcode: 0 }), 'busy'],
])('%s is no success', async (_name, answer, reason) => {
  const { robot } = await startWecom(answer)
  expect(await failure(send(robot))).toMatchObject({ reason })
})

test('what a robot says is kept to itself: it repeats keys', async () => {
  const parts = testParts()
  const receiver = await startReceiver(
    reply(200, { errcode: 93000, errmsg: 'invalid webhook url key_of_tests' }),
  )
  const config = { key: 'key_of_tests', url: receiver.url }
  const error = await failure(send(opened({ kind: 'wecom', config }, parts)))
  expect(JSON.stringify([error.message, error.context, parts.logged])).not.toContain('key_of_tests')
})

test('codes have one meaning each', () => {
  expect(Object.keys(WECOM_CODES).length).toBeGreaterThan(10)
  expect(Object.keys(DINGTALK_CODES).length).toBeGreaterThan(10)
})

test.each([
  ['abc', 3, 'abc'],
  ['abcdef', 5, 'ab…'],
  ['👨‍👩‍👧👍', 8, '👨…'],
])('%s in %i bytes is %s', (text, max, expected) => {
  expect(shortened(text, max)).toBe(expected)
})
