// What is broken in one row, by hand or by a disk, costs nobody else their message, and the timeline says what it cost.

import { expect, onTestFinished, test } from 'vitest'
import { UNANSWERED } from '../../alerts/escalate.ts'
import { noteReceipt } from '../../alerts/receipts.ts'
import { tellAlert } from '../../alerts/tell-alert.ts'
import { openTellDesk } from '../../alerts/tell-desk.ts'
import type { Ground } from '../../alerts/tell-ground.ts'
import { incidentInScope } from '../../records/casework.ts'
import { writeDesk } from '../../records/db.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { tellingsOf } from '../../records/tellings.ts'
import { runEach } from '../../records/whole.ts'
import { HOUR, MINUTE, SECOND } from './desk.ts'
import { openTelling, type TellingDesk } from './telling.ts'

const BROKEN = 'not JSON'
const MEI = ['mail mei@example.com', 'sms 19900000001']

async function open() {
  const desk = await openTelling()
  onTestFinished(desk.close)
  return desk
}

const hook = (configJson: string) => ({
  id: 'hook',
  kind: 'webhook' as const,
  name: 'hook',
  areaId: 'wh',
  configJson,
  enabled: 1,
  changedAt: 0,
  archivedAt: null,
})

const untoldOf = async (desk: TellingDesk) =>
  (await desk.timeline((await desk.alarm()).id)).filter(({ kind }) => kind === 'untold')

test.each<[what: string, breakIt: (desk: TellingDesk) => Promise<unknown>]>([
  [
    'the hours of a contact',
    ({ records }) => records.db.updateTable('contacts').set({ availabilityJson: BROKEN }).execute(),
  ],
  [
    "an elder's limits",
    ({ records }) => records.db.updateTable('residents').set({ thresholdsJson: BROKEN }).execute(),
  ],
  [
    "an elder's time zone",
    async ({ records }) => {
      const hours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }]
      await records.db
        .updateTable('contacts')
        .set({ availabilityJson: JSON.stringify(hours) })
        .execute()
      await records.db.updateTable('residents').set({ timeZone: 'Nowhere/Else' }).execute()
    },
  ],
  [
    'a channel of the area',
    ({ records }) => records.db.insertInto('channels').values(hook(BROKEN)).execute(),
  ],
])('the contacts are told all the same: %s', async (_what, breakIt) => {
  const desk = await open()
  await breakIt(desk)
  await desk.take({})
  await desk.goOn(SECOND)
  expect(desk.told()).toEqual(expect.arrayContaining(MEI))
  await desk.goOn(MINUTE)
  expect(desk.told()).toEqual(expect.arrayContaining([...MEI, 'sms 19900000002']))
})

test('contacts who cannot be told at all cost neither the group its message nor the step: said once, and gone on', async () => {
  const desk = await open()
  await desk.take({})
  const { id } = await desk.alarm()
  const ground: Ground = {
    ways: () => [{ id: 'hook', kind: 'webhook' }],
    staff: () => [],
    contacts: () => {
      throw new SyntaxError('this is not JSON')
    },
  }
  const tell = () =>
    writeDesk(desk.records, async tx => {
      const incident = (await incidentInScope(tx, { id, scope: WHOLE_HUB })) ?? expect.fail('no alarm')
      const given = { incident, ladder: UNANSWERED.emergency, now: desk.now(), log: undefined }
      const telling = openTellDesk({ ground, tellings: await tellingsOf(tx, [id]), sent: [], passed: [] })
      const entries = tellAlert(telling, given)
      await runEach(tx, telling.statements(tx))
      return entries
    })
  expect(await tell()).toMatchObject([{ kind: 'untold', detail: { reason: 'unreadable_contacts' } }])
  expect(await tell(), 'it is not begun again and again').toEqual([])
  expect((await desk.deliveries(id)).map(({ channelId }) => channelId)).toEqual(['hook'])
})

/** More alarms than are taken at once, of devices that nobody wears. */
async function pressedByNobodys(desk: TellingDesk): Promise<void> {
  const fixed = {
    kind: 'bracelet',
    protocol: 'mqtt',
    secretHash: '',
    createdAt: 0,
    archivedAt: null,
  } as const
  const ids = Array.from({ length: 30 }, (_, i) => `nobodys-${i}`)
  await desk.records.db
    .insertInto('devices')
    .values(ids.map(id => ({ ...fixed, id, areaId: 'wh' })))
    .execute()
  await desk.take(...ids.map(deviceId => ({ deviceId })))
}

test('a row that cannot be told of hides no alarm behind it', async () => {
  const desk = await open()
  await pressedByNobodys(desk)
  await desk.records.db.updateTable('incidents').set({ escalateAt: null }).execute()
  desk.wait(SECOND)
  await desk.take({})
  await desk.turn()
  expect(desk.told()).toEqual(expect.arrayContaining(MEI))
})

test('more alarms that are due and have no step than are taken at once hide no step behind them', async () => {
  const desk = await open()
  await pressedByNobodys(desk)
  await desk.records.db.updateTable('incidents').set({ class: 'technical', escalateAt: 1 }).execute()
  desk.wait(SECOND)
  await desk.take({})
  await desk.goOn(MINUTE)
  const { escalation } = await desk.records.db
    .selectFrom('incidents')
    .select('escalation')
    .where('subjectId', '=', 'li')
    .executeTakeFirstOrThrow()
  expect(escalation).toBe(2)
})

test('of an alarm whose row is broken, and of any other, the steps are taken and the desk sees it', async () => {
  const desk = await open()
  await desk.take({}, { deviceId: 'b-wang' })
  const [first] = await desk.alarms()
  await desk.records.db
    .updateTable('incidents')
    .set({ conditionsJson: BROKEN })
    .where('id', '=', first?.id ?? '')
    .execute()
  await desk.records.db.updateTable('timeline').set({ detailJson: BROKEN }).execute()
  await desk.goOn(MINUTE)
  expect(desk.told()).toEqual(expect.arrayContaining(MEI))
  expect((await desk.alarms()).map(({ escalation }) => escalation)).toEqual([2, 2])
  expect(await desk.kinds(first?.id ?? '')).toContain('finding')
})

test('what failed for one elder costs another nothing of what was sent', async () => {
  const desk = await open()
  desk.failing.set('19900000001', 'no_such_recipient').set('mei@example.com', 'no_such_recipient')
  await desk.take({})
  await desk.records.db.updateTable('contacts').set({ availabilityJson: BROKEN }).execute()
  await desk.turn()
  const { id } = await desk.alarm()
  const rows = (await desk.deliveries(id)).map(({ recipientId, state }) => `${recipientId} ${state}`)
  expect(rows.sort()).toEqual(['jun sent', 'mei failed', 'mei failed'])
})

test('a clock that was ahead when a message was written holds it up no longer than a pause is', async () => {
  const desk = await open()
  desk.wait(HOUR)
  await desk.take({})
  await desk.follow()
  desk.wait(-HOUR)
  await desk.goOn(SECOND)
  expect(desk.told()).toEqual(expect.arrayContaining(MEI))
})

test('a receipt of a failure has the next contact told, also by a channel of the environment', async () => {
  const desk = await open()
  await desk.take({})
  await desk.turn()
  const { id } = await desk.alarm()
  await desk.records.db
    .updateTable('contacts')
    .set({ phone: '', email: 'jun@example.com' })
    .where('id', '=', 'jun')
    .execute()
  await desk.records.db.updateTable('channels').set({ enabled: 0 }).execute()
  const given = { ...desk, defaults: [{ id: 'default_smtp', kind: 'smtp' as const }] }
  for (const row of await desk.deliveries(id))
    await noteReceipt(given, { id: row.id, scope: WHOLE_HUB, state: 'failed' })
  const jun = (await desk.deliveries(id)).filter(({ recipientId }) => recipientId === 'jun')
  expect(jun).toMatchObject([{ channelId: 'default_smtp', state: 'queued' }])
  expect((await untoldOf(desk)).map(({ detail }) => detail.reason)).not.toContain('nobody_left')
})
