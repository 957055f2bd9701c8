// "I'm going", from a family's page.

import { describe, expect, it } from 'vitest'
import { appendTimeline } from '../../records/entries.ts'
import { raiseAlarm } from './alarm.ts'
import type { TestDesk } from './desk.ts'
import { change, MINUTE_MS, startFamily } from './family.ts'

describe('"I\'m going"', () => {
  const going = ({ records }: TestDesk) =>
    records.db.selectFrom('timeline').selectAll().where('kind', '=', 'contact_going').execute()

  it('stands on the timeline once, however often it is said', async () => {
    const { desk, daughter, mother } = await startFamily()
    const id = await raiseAlarm(desk, { residentId: 'wang' })
    const feed = await desk.follow(await desk.person('operator'))
    const since = desk.clock.now()
    expect(await daughter.call('POST', `/alarms/${id}/going`)).toMatchObject({ status: 200, body: { since } })
    desk.clock.advance(MINUTE_MS)
    expect(await daughter.call('POST', `/alarms/${id}/going`)).toMatchObject({ status: 200, body: { since } })
    expect(await going(desk)).toHaveLength(1)
    await feed.until(messages =>
      messages.some(
        message =>
          message.type === 'alarm' &&
          message.entry.kind === 'contact_going' &&
          message.entry.detail.name === '王小梅' &&
          message.alarm.id === id,
      ),
    )
    expect((await mother()).open[0]?.help).toMatchObject({
      stage: 'told', // the desk still has to answer
      goingSince: since,
      helpers: [{ who: 'you', name: null, state: 'coming', since }],
    })
  })

  it('is asked anew when it happens again', async () => {
    const { desk, daughter, mother } = await startFamily()
    const id = await raiseAlarm(desk, { residentId: 'wang' })
    await daughter.call('POST', `/alarms/${id}/going`)
    desk.clock.advance(MINUTE_MS)
    await change(desk, id, { alertedAt: desk.clock.now() })
    expect((await mother()).open[0]?.help?.goingSince).toBeNull()
    await daughter.call('POST', `/alarms/${id}/going`)
    expect(await going(desk)).toHaveLength(2)
  })

  it('is shown of others by what they are to the elder', async () => {
    const { desk, mother } = await startFamily()
    const id = await raiseAlarm(desk, { residentId: 'wang' })
    const entry = { incidentId: id, kind: 'contact_going' as const, at: desk.clock.now() }
    const detail = { contactId: 'near', name: '赵大妈' }
    await desk.records.db.transaction().execute(tx => appendTimeline(tx, [{ ...entry, detail }]))
    expect((await mother()).open[0]?.help?.helpers).toMatchObject([{ who: 'contact', name: '邻居' }])
  })

  it('answers the message that was sent, and has no other contact told', async () => {
    const { desk, daughter } = await startFamily()
    const id = await raiseAlarm(desk, { residentId: 'wang' })
    const { db } = desk.records
    const at = desk.clock.now()
    const telling = { incidentId: id, alertedAt: at, round: 1, step: 0, clockAt: null, stoppedAt: null }
    await db.insertInto('tellings').values(telling).execute()
    const row = (recipientId: string) => ({
      ...DELIVERY,
      id: `dlv_${recipientId}`,
      incidentId: id,
      recipientId,
      recipientName: recipientId,
      queuedAt: at,
      enqueueAt: at,
    })
    await db
      .insertInto('deliveries')
      .values([{ ...row('hers'), state: 'sent' }, row('near')])
      .execute()
    await daughter.call('POST', `/alarms/${id}/going`)
    const states = await db.selectFrom('deliveries').select(['id', 'state', 'reason']).orderBy('id').execute()
    expect(states).toEqual([
      { id: 'dlv_hers', state: 'accepted', reason: null },
      { id: 'dlv_near', state: 'failed', reason: 'somebody_goes' },
    ])
    const stopped = await db.selectFrom('tellings').select('stoppedAt').executeTakeFirstOrThrow()
    expect(Number(stopped.stoppedAt)).toBe(at)
  })

  it('is refused with a reason when it is over', async () => {
    const { desk, daughter } = await startFamily()
    const id = await raiseAlarm(desk, { residentId: 'wang' })
    await change(desk, id, { state: 'resolved', disposition: 'false_alarm', resolvedAt: desk.clock.now() })
    const { status, body } = await daughter.call('POST', `/alarms/${id}/going`)
    expect({ status, code: body.code, state: body.state }).toEqual({
      status: 409,
      code: 'ALARM_STATE',
      state: 'resolved',
    })
    expect(await going(desk)).toEqual([])
    expect(await daughter.call('POST', '/alarms/none/going')).toMatchObject({ status: 404 })
  })
})

const DELIVERY = {
  round: 1,
  step: 0,
  recipientType: 'contact',
  channelId: 'c1',
  channelKind: 'web_push',
  urgent: 1,
  state: 'queued',
  reason: null,
  attempts: 0,
  sending: 1,
  enqueued: 0,
  providerId: null,
  code: null,
  codeUntil: null,
  triedAt: null,
  sentAt: null,
  deliveredAt: null,
  seenAt: null,
  acceptedAt: null,
  failedAt: null,
} as const
