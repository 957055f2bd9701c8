import { expect, test } from 'vitest'
import { raiseAlarm } from './alarm.ts'
import { startDesk } from './desk.ts'

test('an alarm opens with the file of its elder, true at one place of the feed', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const operator = await desk.person('operator')
  await admin.call('POST', '/residents', { id: 'r1', areaId: 'root', name: '张秀英' })
  await admin.call('POST', '/contacts', { id: 'c1', residentId: 'r1', name: '女儿', phone: '138' })
  const id = await raiseAlarm(desk, { residentId: 'r1' })
  const { body } = await operator.call('GET', `/alarms/${id}`)
  expect(body).toMatchObject({
    alarm: { id, state: 'raised', subject: { type: 'resident', id: 'r1' } },
    timeline: [{ seq: 1, kind: 'finding' }],
    resident: { id: 'r1', name: '张秀英' },
    contacts: [{ id: 'c1' }],
    previous: [],
    seq: 1,
  })
})

test('the alarm of a device that nobody wears has no file, but opens', async () => {
  const desk = await startDesk()
  const operator = await desk.person('operator')
  const id = await raiseAlarm(desk)
  expect((await operator.call('GET', `/alarms/${id}`)).body).toMatchObject({ resident: null, contacts: [] })
})

test('hazard 8: of two operators who accept at once exactly one has it, and the other is told who', async () => {
  const desk = await startDesk()
  const people = [await desk.person('operator'), await desk.person('operator')]
  const id = await raiseAlarm(desk)
  const answers = await Promise.all(people.map(person => person.call('POST', `/alarms/${id}/accept`)))
  const [won, lost] = answers.toSorted((a, b) => a.status - b.status)
  const winner = people[answers.findIndex(answer => answer.status === 200)]
  expect(won?.body).toMatchObject({ id, state: 'accepted', owner: { id: winner?.id } })
  expect(lost).toMatchObject({ status: 409, body: { code: 'ALARM_TAKEN', owner: { id: winner?.id } } })
  expect((await winner?.call('POST', `/alarms/${id}/accept`))?.status).toBe(200)
})

test('what cannot be done now says in which state the alarm is', async () => {
  const desk = await startDesk()
  const operator = await desk.person('operator')
  const id = await raiseAlarm(desk)
  expect(await operator.call('POST', `/alarms/${id}/close`, {})).toMatchObject({
    status: 409,
    body: { code: 'ALARM_STATE', state: 'raised' },
  })
})

test('what joined unseen stops a resolve, and the body of an action is checked', async () => {
  const desk = await startDesk()
  const operator = await desk.person('operator')
  const id = await raiseAlarm(desk)
  await operator.call('POST', `/alarms/${id}/accept`, { seenSeq: 1 })
  const resolve = (body: object) => operator.call('POST', `/alarms/${id}/resolve`, body)
  expect(await resolve({ seenSeq: 0, disposition: 'hospital' })).toMatchObject({
    status: 409,
    body: { code: 'ALARM_CHANGED', seq: 1 },
  })
  expect((await resolve({ seenSeq: 1, disposition: 'vanished' })).status).toBe(400)
  expect(await resolve({ seenSeq: 1, disposition: 'hospital', text: '120' })).toMatchObject({
    status: 200,
    body: { state: 'resolved', disposition: 'hospital' },
  })
})

test('lists are filtered, and `seq` is the place at which they were true', async () => {
  const desk = await startDesk()
  const operator = await desk.person('operator')
  const [first, second] = [await raiseAlarm(desk), await raiseAlarm(desk)]
  await operator.call('POST', `/alarms/${first}/accept`)
  const list = async (query: string) => {
    const { items, seq } = (await operator.call('GET', `/alarms?${query}`)).body
    return { ids: items.map(({ id }: { id: string }) => id).sort(), seq }
  }
  expect(await list('state=open&class=emergency&severity=critical&area=root')).toEqual({
    ids: [first, second],
    seq: 3,
  })
  expect(await list('state=raised')).toEqual({ ids: [second], seq: 3 })
  expect(await list('class=technical')).toEqual({ ids: [], seq: 3 })
})
