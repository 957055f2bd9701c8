// Texts of devices on their way into rows: never refused, always storable.

import { expect, test } from 'vitest'
import { keepRejects, listRejects } from '../../records/rejects.ts'
import { openDesk } from '../alerts/desk.ts'

test('the words of an alarm and the raw text of an unreadable one are put right where they are written', async () => {
  const desk = await openDesk()
  await desk.take({
    evidence: { text: '救\0命', reason: 'not_json', raw: '{"a":"\ud83d', nested: ['\udc75'] },
  })
  const [entry] = await desk.timeline((await desk.alarm()).id)
  expect(entry?.detail.evidence).toEqual({
    text: '救\ufffd命',
    reason: 'not_json',
    raw: '{"a":"\ufffd',
    nested: ['\ufffd'],
  })

  const reject = {
    receiptId: 'r',
    deviceId: 'b-li',
    receivedAt: 1,
    kind: 'event',
    reason: 'not_json',
    raw: 'a\0\ud83db',
  }
  await keepRejects(desk.records.db, [reject])
  expect(await listRejects(desk.records.db, 'b-li')).toMatchObject([{ raw: 'a\ufffd\ufffdb' }])
  await desk.close()
})
