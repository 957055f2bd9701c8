// A batch is committed whole, with the cursors it was read by: whoever is beaten to it keeps nothing of it.

import { expect, test } from 'vitest'
import { DeskMoved, readDesk, takeAll } from '../../alerts/apply.ts'
import { CursorMoved, commitFindings } from '../../alerts/commit.ts'
import { writeDeskAtOnce } from '../../records/at-once.ts'
import { updateDevice } from '../../records/devices.ts'
import { isUniqueViolation } from '../../records/refusal.ts'
import { updateResident } from '../../records/residents.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { finding, NOON, openDesk } from './desk.ts'

const isRace = (error: unknown): boolean => error instanceof DeskMoved || isUniqueViolation(error)

test('of many who are at it at once each is there whole or not at all, and tried again everybody is', async ({
  onTestFinished,
}) => {
  const desk = await openDesk()
  onTestFinished(desk.close)
  const commit = (n: number) => {
    const press = finding({ receivedAt: NOON, id: `press-${n}` })
    return commitFindings(desk, { findings: [press], moves: [{ log: `log ${n}`, from: null, to: '1' }] })
  }
  const moved = async () =>
    (await desk.records.db.selectFrom('cursors').select('log').execute()).map(({ log }) =>
      Number(log.slice(4)),
    )

  const all = Array.from({ length: 12 }, (_, n) => n)
  const tries = await Promise.allSettled(all.map(commit))
  const beaten = all.filter(n => tries[n]?.status === 'rejected')
  for (const one of tries) if (one.status === 'rejected') expect(one.reason).toSatisfy(isRace)
  expect((await moved()).sort((a, b) => a - b)).toEqual(all.filter(n => !beaten.includes(n)))
  expect((await desk.alarm()).findings).toBe(all.length - beaten.length)
  for (const n of beaten) await commit(n)
  expect((await desk.alarm()).findings).toBe(all.length)
  expect(await moved()).toHaveLength(all.length)
})

test('a cursor that another owner has moved keeps the alarm from being raised twice', async ({
  onTestFinished,
}) => {
  const desk = await openDesk()
  onTestFinished(desk.close)
  const commit = (from: string | null, to: string) =>
    commitFindings(desk, { findings: [finding({ receivedAt: NOON })], moves: [{ log: 'log', from, to }] })
  await commit(null, '5')
  for (const from of [null, '4']) await expect(commit(from, '6')).rejects.toBeInstanceOf(CursorMoved)
  expect((await desk.alarm()).findings).toBe(1)
  await commit('5', '6')
  expect((await desk.alarm()).findings).toBe(2)
})

test('an alarm of somebody who moves while it is read is at the desk of where they are', async ({
  onTestFinished,
}) => {
  const desk = await openDesk()
  onTestFinished(desk.close)
  const { records } = desk
  const findings = ['b-li', 'b-spare'].map(deviceId => finding({ receivedAt: NOON, deviceId }))
  const move = { scope: WHOLE_HUB, change: { areaId: 'qd' }, at: NOON }
  await writeDeskAtOnce(records, {
    async read(db) {
      const read = await readDesk(db, findings, NOON)
      await updateResident(records, { ...move, id: 'li' })
      await updateDevice(records, { ...move, id: 'b-spare' })
      return read
    },
    write: read => ({ answer: takeAll(read, findings), statements: read.statements(records.db) }),
  })
  const raised = await records.db.selectFrom('incidents').select(['subjectId', 'areaId']).execute()
  expect(raised).toHaveLength(2)
  for (const { areaId } of raised) expect(areaId).toBe('qd')
})

test('an alarm that has moved along is not taken back by what was read of the elder before', async ({
  onTestFinished,
}) => {
  const desk = await openDesk()
  onTestFinished(desk.close)
  const { records } = desk
  await commitFindings(desk, { findings: [finding({ receivedAt: NOON })], moves: [] })
  await updateResident(records, { scope: WHOLE_HUB, id: 'li', change: { areaId: 'qd' }, at: NOON })
  const press = finding({ receivedAt: NOON, id: 'again' })
  const before = { subject: { type: 'resident', id: 'li', name: '李' }, areaId: 'wh-1' } as const
  await writeDeskAtOnce(records, {
    read: db => readDesk(db, [press], NOON, new Map([[press.id, before]])),
    write: read => ({ answer: takeAll(read, [press]), statements: read.statements(records.db) }),
  })
  const alarms = await records.db.selectFrom('incidents').select(['areaId', 'findings']).execute()
  expect(alarms).toEqual([{ areaId: 'qd', findings: 2 }])
})
