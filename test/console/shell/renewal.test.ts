import { expect, it } from 'vitest'
import { createRenewal } from '../../../console/shell/renewal.ts'

it('is asked once, however many calls wait, and tells all of them', async () => {
  const renewal = createRenewal()
  const heard: boolean[] = []
  renewal.subscribe(() => heard.push(renewal.get().isAsked))
  const waiting = [renewal.ask(), renewal.ask()]
  expect(heard).toEqual([true])
  renewal.renewed()
  await Promise.all(waiting)
  expect(renewal.get()).toEqual({ isAsked: false, times: 1 })
})

it('is asked again when the session ends again', async () => {
  const renewal = createRenewal()
  const first = renewal.ask()
  renewal.renewed()
  await first
  const second = renewal.ask()
  expect(renewal.get()).toEqual({ isAsked: true, times: 1 })
  renewal.renewed()
  await second
  expect(renewal.get().times).toBe(2)
})

it('counts once, however many tabs tell of it', async () => {
  const renewal = createRenewal()
  const asked = renewal.ask()
  renewal.renewed()
  renewal.renewed()
  await asked
  expect(renewal.get()).toEqual({ isAsked: false, times: 1 })
})

it('is told to nobody who has gone', () => {
  const renewal = createRenewal()
  let told = 0
  const leave = renewal.subscribe(() => {
    told += 1
  })
  leave()
  void renewal.ask()
  expect(told).toBe(0)
})
