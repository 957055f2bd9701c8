import { expect, it } from 'vitest'
import { PROBE_EVERY_MS, startProbe } from '../../../console/shell/probe.ts'

/** A feed in virtual time; the hub answers a probe when the test says so. */
function started() {
  const state = { now: 0, heardAt: 0 as number | undefined, asked: 0, away: 0 }
  let due: (() => void) | undefined
  let answer: (isThere: boolean) => void = () => undefined
  const stop = startProbe({
    ask: () => {
      state.asked++
      return new Promise(resolve => {
        answer = resolve
      })
    },
    heardAt: () => state.heardAt,
    onAway: () => state.away++,
    now: () => state.now,
    after(_ms, callback) {
      due = callback
      return () => {
        due = undefined
      }
    },
  })
  const settle = async () => {
    for (let i = 0; i < 5; i++) await Promise.resolve()
  }
  return {
    state,
    stop,
    isWaiting: () => due !== undefined,
    async turn() {
      state.now += PROBE_EVERY_MS
      const callback = due
      due = undefined
      callback?.()
      await settle()
    },
    async says(isThere: boolean) {
      answer(isThere)
      await settle()
    },
  }
}

it('tells of a hub that does not answer, and goes on asking', async () => {
  const probe = started()
  await probe.turn()
  await probe.says(true)
  expect(probe.state.away).toBe(0)
  await probe.turn()
  await probe.says(false)
  expect([probe.state.away, probe.isWaiting()]).toEqual([1, true])
})

it('asks one question after the other, and none while the feed is not live', async () => {
  const probe = started()
  probe.state.heardAt = undefined
  await probe.turn()
  expect([probe.state.asked, probe.isWaiting()]).toEqual([0, true])
  probe.state.heardAt = probe.state.now
  await probe.turn()
  expect([probe.state.asked, probe.isWaiting()]).toEqual([1, false])
})

it('takes a hub that was heard since it was asked as there: it is busy', async () => {
  const probe = started()
  await probe.turn()
  probe.state.heardAt = probe.state.now + 1
  await probe.says(false)
  expect(probe.state.away).toBe(0)
})

it('says nothing of a feed that has broken by itself meanwhile', async () => {
  const probe = started()
  await probe.turn()
  probe.state.heardAt = undefined
  await probe.says(false)
  expect(probe.state.away).toBe(0)
})

it('says and asks nothing after it was stopped', async () => {
  const probe = started()
  await probe.turn()
  probe.stop()
  await probe.says(false)
  expect([probe.state.away, probe.isWaiting()]).toEqual([0, false])
})
