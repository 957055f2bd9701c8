// What one try of one message comes to, where whoever it goes to asks for more than an alarm has.

import { expect, onTestFinished, test } from 'vitest'
import { ChannelError } from '../../alerts/channels/channel.ts'
import { startAllowing } from '../../alerts/notify-allow.ts'
import { createBrake } from '../../alerts/notify-brake.ts'
import { carryOut, straightAway } from '../../alerts/notify-send.ts'
import { startSettling } from '../../alerts/notify-settle.ts'
import { replyLinks } from '../../alerts/reply-link.ts'
import { testLog } from '../gateway/desk.ts'
import { HOUR, MINUTE } from './desk.ts'
import { KEY, openTelling, PUBLIC_URL } from './telling.ts'

test('who asks for an hour is tried again after the longest pause of the lane', async () => {
  const desk = await openTelling()
  onTestFinished(desk.close)
  await desk.take({})
  await desk.follow()
  const { id } = await desk.alarm()
  const [row] = await desk.deliveries(id)
  const busy = new ChannelError('rate_limited', 'too many', { retryAfterMs: HOUR })
  const sending = {
    ...desk,
    channels: {
      of: async () => ({
        kind: 'webhook' as const,
        send: async () => Promise.reject(busy),
        close: async () => undefined,
      }),
      close: async () => undefined,
    },
    links: replyLinks({ key: KEY, publicUrl: PUBLIC_URL }),
    settle: startSettling({ ...desk, log: testLog([]), defaults: [] }),
    brake: createBrake(),
    allow: startAllowing(desk),
    read: straightAway,
    mostMs: MINUTE,
  }
  const data = { id: row?.id ?? '', sending: 1 }
  const job = { id: 'job', data, attempt: 1, signal: new AbortController().signal }
  await expect(carryOut(sending, job)).rejects.toMatchObject({
    reason: 'rate_limited',
    retryAfterMs: MINUTE,
  })
  const tried = (await desk.deliveries(id)).find(one => one.id === row?.id)
  expect(tried).toMatchObject({ state: 'queued', reason: 'rate_limited', enqueueAt: desk.now() + 2 * MINUTE })
})
