import { expect, it } from 'vitest'
import { createDesk, type DeskEvent } from '../../../console/desk/desk.ts'
import { createPainted, PAINT_EVERY_MS } from '../../../console/desk/painted.ts'
import { alarmOf, entryOf } from './given.ts'

const heard = (seq: number): DeskEvent => ({
  type: 'message',
  now: 0,
  message: { type: 'alarm', seq, entry: entryOf({ seq }), alarm: alarmOf({ id: `inc_${seq}`, seq }) },
})

function startPainted() {
  const store = createDesk()
  let now = 1_000
  let due: { at: number; callback: () => void } | undefined
  const painted = createPainted({
    store,
    now: () => now,
    after(ms, callback) {
      due = { at: now + ms, callback }
      return () => {
        due = undefined
      }
    },
  })
  const seen: number[] = []
  const stop = painted.subscribe(() => seen.push(painted.get().board.alarms.size))
  return {
    store,
    seen,
    stop,
    pass(ms: number) {
      now += ms
      if (!due || due.at > now) return
      const { callback } = due
      due = undefined
      callback()
    },
  }
}

it('draws the first at once, and what follows together', () => {
  const { store, seen, pass } = startPainted()
  store.happened(heard(1))
  for (let seq = 2; seq <= 6; seq++) store.happened(heard(seq))
  expect(seen).toEqual([1])
  pass(PAINT_EVERY_MS)
  expect(seen).toEqual([1, 6])
})

it('draws what a person does at once, with all that was told before', () => {
  const { store, seen } = startPainted()
  store.happened(heard(1))
  store.happened(heard(2))
  store.happened({ type: 'opened', id: 'inc_1' })
  expect(seen).toEqual([1, 2])
})

it('is not kept waiting by a clock that was put back', () => {
  const { store, seen, pass } = startPainted()
  store.happened(heard(1))
  pass(-10_000)
  store.happened(heard(2))
  expect(seen).toEqual([1, 2])
})

it('draws nothing any more when nobody looks', () => {
  const { store, seen, stop, pass } = startPainted()
  store.happened(heard(1))
  store.happened(heard(2))
  stop()
  pass(PAINT_EVERY_MS)
  expect(seen).toEqual([1])
})
