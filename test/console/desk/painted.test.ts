import { describe, expect, it } from 'vitest'
import { createDesk, type DeskEvent, deskAfter, EMPTY_DESK } from '../../../console/desk/desk.ts'
import { COUNT_EVERY_MS, createPainted, onlyCounts, PAINT_EVERY_MS } from '../../../console/desk/painted.ts'
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

describe('what only counts on', () => {
  const pressed = (findings: number, given = {}): DeskEvent => {
    const seq = findings + 10
    return {
      type: 'message',
      now: 0,
      message: {
        type: 'alarm',
        seq,
        entry: entryOf({ seq }),
        alarm: alarmOf({ id: 'inc_1', seq, findings, ...given }),
      },
    }
  }

  it('is drawn more rarely, and goes with what is drawn sooner', () => {
    const { store, seen, pass } = startPainted()
    store.happened(heard(1))
    store.happened(pressed(2))
    pass(PAINT_EVERY_MS)
    expect(seen).toEqual([1])
    store.happened(heard(2)) // a new alarm waits for nothing
    expect(seen).toEqual([1, 2])
    store.happened(pressed(3))
    pass(COUNT_EVERY_MS)
    expect(seen).toEqual([1, 2, 2])
  })

  it('does not put off a new alarm that comes while it waits', () => {
    const { store, seen, pass } = startPainted()
    store.happened(heard(1))
    store.happened(pressed(2))
    store.happened(heard(2))
    pass(PAINT_EVERY_MS)
    expect(seen).toEqual([1, 2])
  })

  it.each<[string, DeskEvent, boolean]>([
    ['one more press', pressed(2), true],
    ['it became graver', pressed(2, { severity: 'high' }), false],
    [
      'somebody has taken it',
      pressed(2, { state: 'accepted', owner: { id: 'usr_wang', name: '王芳' } }),
      false,
    ],
    ['its ladder climbed', pressed(2, { escalation: 1 }), false],
    ['its clock began anew', pressed(2, { alertedAt: 5_000 }), false],
    ['another alarm', pressed(2, { id: 'inc_2' }), false],
  ])('%s: %o', (_reason, event, counts) => {
    const known = deskAfter(EMPTY_DESK, heard(1))
    expect(event.type === 'message' && onlyCounts(known, event.message)).toBe(counts)
  })

  it('is none of it in the file that is open', () => {
    const open = deskAfter(deskAfter(EMPTY_DESK, heard(1)), { type: 'opened', id: 'inc_1' })
    const event = pressed(2)
    expect(event.type === 'message' && onlyCounts(open, event.message)).toBe(false)
  })
})
