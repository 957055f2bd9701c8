import { expect, it } from 'vitest'
import type { BoardEvent } from '../../../console/wall/board.ts'
import { createDrawn, DRAW_EVERY_MS } from '../../../console/wall/drawn.ts'
import { alarmOf, entryOf } from '../desk/given.ts'

const heard = (seq: number): BoardEvent => ({
  type: 'message',
  now: 0,
  message: { type: 'alarm', seq, entry: entryOf({ seq }), alarm: alarmOf({ id: `inc_${seq}`, seq }) },
})

function startWall() {
  let now = 1_000
  let due: { at: number; callback: () => void } | undefined
  const drawn = createDrawn({
    now: () => now,
    after(ms, callback) {
      due = { at: now + ms, callback }
      return () => {
        due = undefined
      }
    },
  })
  const sizes: number[] = []
  drawn.subscribe(() => sizes.push(drawn.get().alarms.size))
  return {
    ...drawn,
    sizes,
    pass(ms: number) {
      now += ms
      const ready = due && due.at <= now ? due : undefined
      if (!ready) return
      due = undefined
      ready.callback()
    },
  }
}

it('draws the first at once, and what follows together', () => {
  const wall = startWall()
  for (let seq = 1; seq <= 6; seq++) wall.happened(heard(seq))
  expect(wall.sizes).toEqual([1])
  wall.pass(DRAW_EVERY_MS)
  expect(wall.sizes).toEqual([1, 6])
})

it('draws a broken connection at once, with all that was told before', () => {
  const wall = startWall()
  wall.happened(heard(1))
  wall.happened(heard(2))
  wall.happened({ type: 'link', link: { state: 'broken', since: 1 } })
  expect(wall.sizes).toEqual([1, 2])
})
