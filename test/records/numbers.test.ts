// Numbers that were stored before they were read, or by the rules of another country.

import { expect, test } from 'vitest'
import { epochMs } from '../../model/units.ts'
import { holdersOf, settleNumbers } from '../../records/numbers.ts'
import { createResident, updateResident } from '../../records/residents.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { NOON, settle } from '../alerts/desk.ts'
import { UNSAID } from '../unsaid.ts'
import { testRecords } from './started.ts'

const clock = { now: () => epochMs(NOON) }

async function stored() {
  const records = await testRecords(clock)
  await settle(records.db)
  const { db } = records
  await db.updateTable('residents').set({ phone: '2123 4567' }).where('id', '=', 'li').execute()
  await db.updateTable('devices').set({ phone: '138 0000 1111' }).where('id', '=', 'p-li').execute()
  const numbers = async () => {
    const [resident] = await db.selectFrom('residents').select('number').where('id', '=', 'li').execute()
    const [device] = await db.selectFrom('devices').select('number').where('id', '=', 'p-li').execute()
    return [resident?.number, device?.number]
  }
  return { records, numbers }
}

test('numbers of before are read at the start, and again when the country is another one', async () => {
  const { records, numbers } = await stored()
  expect(await numbers()).toEqual([null, null])
  await settleNumbers(records, { country: 'CN' })
  expect(await numbers()).toEqual(['CN:21234567', '+8613800001111'])
  await settleNumbers(records, { country: 'HK' })
  expect(await numbers()).toEqual(['+85221234567', 'HK:13800001111'])
})

test('what is settled is left alone, and what is written later is read by the same country', async () => {
  const { records, numbers } = await stored()
  await settleNumbers(records, { country: 'HK' })
  await records.db.updateTable('residents').set({ number: 'kept' }).where('id', '=', 'li').execute()
  await settleNumbers(records, { country: 'HK' })
  expect((await numbers())[0]).toBe('kept')
  const change = { phone: '+852 2123 4567' }
  await updateResident(records, { scope: WHOLE_HUB, id: 'li', change, at: NOON })
  expect((await numbers())[0]).toBe('+85221234567')
  const resident = {
    ...UNSAID,
    areaId: 'wh',
    name: '陈',
    phone: '2765 4321',
    wandering: false,
    livesAlone: false,
  }
  const { id } = await createResident(records, { scope: WHOLE_HUB, resident, at: NOON })
  const [holder] = await holdersOf(records.db, { numbers: ['+85227654321'], scope: WHOLE_HUB })
  expect(holder).toMatchObject({ subject: { type: 'resident', id }, way: { by: 'self' } })
  expect(await holdersOf(records.db, { numbers: ['+85227654321'], scope: { path: '/root/qd/' } })).toEqual([])
})

test('a device that nobody wears is found as itself', async () => {
  const { records } = await stored()
  const { db } = records
  await db.updateTable('devices').set({ phone: '13700000000' }).where('id', '=', 'b-spare').execute()
  await settleNumbers(records, { country: 'CN' })
  expect(await holdersOf(db, { numbers: ['+8613700000000'], scope: WHOLE_HUB })).toMatchObject([
    { subject: { type: 'device', id: 'b-spare' }, way: { by: 'device', deviceId: 'b-spare' } },
  ])
})
