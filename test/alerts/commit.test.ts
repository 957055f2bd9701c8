// A batch is committed whole, with the cursors it was read by: whoever is beaten to it keeps nothing of it.

import { expect, test } from 'vitest'
import { DeskMoved } from '../../alerts/apply.ts'
import { CursorMoved, commitFindings } from '../../alerts/commit.ts'
import { isUniqueViolation } from '../../records/refusal.ts'
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
