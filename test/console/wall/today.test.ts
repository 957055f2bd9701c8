import { describe, expect, it } from 'vitest'
import { floodOf, spansAt } from '../../../console/wall/today.ts'
import type { AlarmFloods } from '../../../model/figures.ts'

const floodsOf = (...items: { to: number | null; alarms: number }[]) => ({ items }) as unknown as AlarmFloods

describe('what the wall says of a flood', () => {
  it.each([
    ['no figures have come', undefined, { is: 'unknown' }],
    ['nothing was raised', { floods: floodsOf(), lately: 0 }, { is: 'calm', lately: 0 }],
    ['one is over', { floods: floodsOf({ to: 5, alarms: 30 }), lately: 2 }, { is: 'calm', lately: 2 }],
    [
      'one goes on',
      { floods: floodsOf({ to: 5, alarms: 30 }, { to: null, alarms: 12 }), lately: 11 },
      { is: 'on', alarms: 12, lately: 11 },
    ],
  ])('when %s', (_, figures, said) => {
    expect(floodOf(figures)).toEqual(said)
  })
})

describe('today', () => {
  it('begins at local midnight of the hub’s clock', () => {
    const evening = Date.parse('2026-03-01T23:58:00+08:00')
    const midnight = Date.parse('2026-03-02T00:00:00+08:00')
    expect(spansAt(evening)).toEqual({
      from: Date.parse('2026-03-01T00:00:00+08:00'),
      latelyFrom: evening - 600_000,
    })
    // A browser that is five minutes behind would still be in yesterday.
    expect(spansAt(evening + 300_000).from).toBe(midnight)
  })
})
