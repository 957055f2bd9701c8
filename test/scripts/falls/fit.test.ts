// What trains the detector, on made-up rows whose answer is known.

import { describe, expect, it } from 'vitest'
import { fitForest } from '../../../scripts/falls/boost.ts'
import { cutAtShare } from '../../../scripts/falls/figures.ts'
import { fitLinear } from '../../../scripts/falls/logistic.ts'
import type { Recording } from '../../../scripts/falls/recordings.ts'
import { groupsOf } from '../../../scripts/falls/validate.ts'
import { chanceOf } from '../../../workers/falls/chance.ts'
import { oddsByForest } from '../../../workers/falls/forest.ts'
import { oddsByLinear } from '../../../workers/falls/linear.ts'

const ROWS = 400

/** Rows of six numbers, of which the first and the second decide. */
function madeUp(seed: number): { rows: Float32Array[]; isFall: boolean[]; weight: number[] } {
  const chance = chanceOf(seed)
  const rows = Array.from({ length: ROWS }, () => Float32Array.from({ length: 6 }, chance.bell))
  const isFall = rows.map(row => (row[0] as number) + (row[1] as number) > 0.8)
  return { rows, isFall, weight: rows.map(() => 1) }
}

const rightOf = (seed: number, oddsOf: (row: Float32Array) => number): number => {
  const { rows, isFall } = madeUp(seed)
  return rows.filter((row, i) => oddsOf(row) > 0 === isFall[i]).length / ROWS
}

describe('what is fitted', () => {
  it('knows rows that it has not seen: trees', () => {
    const forest = fitForest(madeUp(1), chanceOf(1), { ...SMALL, trees: 80 })
    expect(rightOf(2, row => oddsByForest(forest, row))).toBeGreaterThan(0.9)
  })

  it('knows rows that it has not seen: the linear model, which gives most weight to what decides', () => {
    const { rows, isFall, weight } = madeUp(1)
    const linear = fitLinear(rows, isFall, weight, 1)
    expect(rightOf(2, row => oddsByLinear(linear, row))).toBeGreaterThan(0.95)
    const [first, second, ...others] = [...linear.weight].map(Math.abs)
    expect(Math.min(first as number, second as number)).toBeGreaterThan(5 * Math.max(...others))
  })

  it('is the same again', () => {
    expect(fitForest(madeUp(3), chanceOf(3), SMALL)).toEqual(fitForest(madeUp(3), chanceOf(3), SMALL))
  })
})

const SMALL = { trees: 10, depth: 3, rate: 0.2, rows: 0.5, features: 0.8, lambda: 1, leastInLeaf: 2 }

describe('a cut-off', () => {
  it.each<[odds: number[], share: number, cut: number, reason: string]>([
    [[4, 1, 3, 2], 0.5, 2.5, 'two pass, two do not'],
    [[4, 1, 3, 2], 0.25, 3.5, 'one passes'],
    [[4, 1, 3, Number.NEGATIVE_INFINITY], 0.5, 2, 'one had no burst at all'],
  ])('of %j for a share of %d lies at %d: %s', (odds, share, cut) => {
    expect(cutAtShare(odds, share)).toBe(cut)
  })
})

describe('who is left out together', () => {
  it('is one who falls, or three of the others', () => {
    const recording = (subject: string, fall: boolean): Recording =>
      ({ subject, fall, activity: fall ? 'F01' : 'D01' }) as Recording
    const others = ['e1', 'e2', 'e3', 'e4'].map(subject => recording(subject, false))
    const all = [recording('b', true), recording('b', false), recording('a', true), ...others]
    expect(groupsOf(all)).toEqual([['a'], ['b'], ['e1', 'e2', 'e3'], ['e4']])
  })
})
