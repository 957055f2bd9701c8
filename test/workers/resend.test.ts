import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { epochMs } from '../../model/units.ts'
import type { Column } from '../../workers/device-state.ts'
import { createResendMemory, REMEMBER_FOR_MS, type Remembered } from '../../workers/resend.ts'
import { openFoldState } from '../../workers/state.ts'
import { NOON } from './log.ts'

const HOUR = 3_600_000

function opened(stored: ReadonlyMap<string, string>) {
  const { devices, beginCheckpoint } = openFoldState(stored)
  const [column] = devices.columns([{ name: 'event' }]) as readonly Column<Remembered>[]
  if (!column) throw new Error('a column was asked for')
  return { memory: createResendMemory(column), column, devices, beginCheckpoint }
}

const happening = fc.record({
  /** The hub's clock may be set back. */
  afterMs: fc.oneof({ weight: 9, arbitrary: fc.nat(5 * HOUR) }, fc.integer({ min: -9 * HOUR, max: 0 })),
  device: fc.constantFrom('d1', 'd2', 'd3', 'd4'),
  eventId: fc.constantFrom('e1', 'e2', 'e3'),
  isReopened: fc.boolean(),
})

describe('what is remembered of events', () => {
  it('is forgotten at the first tick after 24 hours, not before, whatever clock and restarts do', async () => {
    let forgotten = 0
    await fc.assert(
      fc.property(fc.array(happening, { maxLength: 60, size: 'max' }), happenings => {
        const stored = new Map<string, string>()
        const newest = new Map<string, number>()
        let state = opened(stored)
        let now = NOON
        for (const { afterMs, device, eventId, isReopened } of happenings) {
          now += afterMs
          const sent = { device: state.devices.of(device), kind: 'sos', eventId, ts: undefined } as const
          if (!state.memory.isResent({ ...sent, now: epochMs(now) })) newest.set(device, now)
          now += 10_000
          state.memory.expire(epochMs(now))
          for (const [id, at] of newest) if (at <= now - REMEMBER_FOR_MS && newest.delete(id)) forgotten++
          const held = [...state.column.holders()].map(({ id }) => id).sort()
          expect(held).toEqual([...newest.keys()].sort())
          if (!isReopened) continue
          const changes = state.beginCheckpoint().next(Number.POSITIVE_INFINITY).change
          for (const key of changes.delete) stored.delete(key)
          for (const [key, value] of changes.set) stored.set(key, value)
          state = opened(stored)
        }
      }),
      { numRuns: 500 },
    )
    expect(forgotten).toBeGreaterThan(500)
  })
})
