// What is heard of a message after a person has had it sent again: each receipt is of one sending.

import { describe, expect, onTestFinished, test } from 'vitest'
import { noteReceipt, type Receipt, sendAgain } from '../../alerts/receipts.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { openTelling } from './telling.ts'

async function open() {
  const desk = await openTelling()
  onTestFinished(desk.close)
  return desk
}

describe('a receipt of the sending before, when a person has had it sent again', () => {
  /** The message has failed once, and was sent again; it `left`, or waits to. */
  async function sentAgain(left: boolean) {
    const desk = await open()
    await desk.take({})
    await desk.turn()
    const [{ message } = expect.fail('nothing was sent')] = desk.sent
    const [id = ''] = message.key.split('.')
    await noteReceipt(desk, { id, scope: WHOLE_HUB, state: 'failed' })
    await sendAgain(desk, { id, scope: WHOLE_HUB, by: 'chen' })
    if (left) await desk.turn()
    const report = (rest: Omit<Receipt, 'reason'>) => noteReceipt(desk, { id, scope: WHOLE_HUB, ...rest })
    const row = async () => (await desk.deliveries((await desk.alarm()).id)).find(one => one.id === id)
    return { desk, id, report, row }
  }

  test.each<[left: boolean, receipt: Omit<Receipt, 'reason'>, why: string]>([
    [false, { state: 'failed', sending: 1 }, 'the second is still to leave'],
    [true, { state: 'failed', sending: 1 }, 'the second is on its way'],
    [false, { state: 'failed' }, 'of what has not left nobody can have heard'],
    [false, { state: 'delivered', sending: 1 }, 'somebody wanted it to ring again'],
    [true, { state: 'seen', sending: 1 }, 'the second was not seen'],
    [true, { state: 'failed', sending: 3 }, 'there is no such sending'],
  ])('changes nothing (left: %s, %j): %s', async (left, receipt) => {
    const { desk, id, report, row } = await sentAgain(left)
    const before = await row()
    expect(await report(receipt)).toMatchObject({ ok: false, code: 'CONFLICT' })
    expect(await row()).toEqual(before)
    desk.sent.splice(0)
    await desk.turn()
    expect(desk.sent.some(({ message }) => message.key === `${id}.2`)).toBe(!left)
    expect(await row()).toMatchObject({ state: 'sent', sending: 2 })
  })

  test.each<[receipt: Omit<Receipt, 'reason'>, why: string]>([
    [{ state: 'failed', sending: 2 }, 'it says so'],
    [{ state: 'failed' }, 'the last that left, where none is named'],
  ])('and one of this sending counts: %j, %s', async receipt => {
    const { report, row } = await sentAgain(true)
    expect(await report(receipt)).toMatchObject({ ok: true })
    expect(await row()).toMatchObject({ state: 'failed', sending: 2 })
  })

  test('that it arrived proves more than that the second did not', async () => {
    const { report, row } = await sentAgain(true)
    await report({ state: 'failed', sending: 2 })
    expect(await report({ state: 'delivered', sending: 1 })).toMatchObject({ ok: true })
    expect(await row()).toMatchObject({ state: 'delivered' })
  })
})
