import { describe, expect, it } from 'vitest'
import { openFoldState } from '../../workers/state.ts'

const opened = (stored: Record<string, string>, columns: readonly string[] = ['rule/a@1', 'rule/b@1']) => {
  const damaged: string[] = []
  const state = openFoldState(new Map(Object.entries(stored)), key => damaged.push(key))
  const [a, b] = state.devices.columns(columns.map(name => ({ name })))
  if (!a || !b) throw new Error('two columns were asked for')
  const taken = () => state.beginCheckpoint().next(Number.POSITIVE_INFINITY).change
  return { state, a, b, damaged, device: (id: string) => state.devices.of(id), taken }
}

describe('the state of a fold', () => {
  it('gives back what was stored, and writes only what changed', () => {
    const { a, b, device, taken } = opened({
      'rule/a@1|d1': '{"n":1}',
      'rule/a@1|d2': '2',
      'rule/b@1|d1': '3',
    })
    expect([a.get(device('d1')), a.get(device('d2')), b.get(device('d2'))]).toEqual([{ n: 1 }, 2, undefined])
    expect(taken()).toEqual({ set: [], delete: [] })

    a.set(device('d2'), { n: 5 })
    a.set(device('new'), 7)
    b.delete(device('d1'))
    b.delete(device('d2'))
    expect(taken()).toEqual({
      set: [
        ['rule/a@1|d2', '{"n":5}'],
        ['rule/a@1|new', '7'],
      ],
      delete: ['rule/b@1|d1'],
    })
    expect(taken()).toEqual({ set: [], delete: [] })
  })

  it('writes a value that came and went as gone, which harms nobody', () => {
    const { a, device, taken } = opened({})
    a.set(device('d1'), 1)
    a.delete(device('d1'))
    expect(taken()).toEqual({ set: [], delete: ['rule/a@1|d1'] })
  })

  it('knows which devices have something, stored or new', () => {
    const { a, device } = opened({ 'rule/a@1|d1': '1', 'rule/a@1|d2': '2', 'rule/b@1|d3': '3' })
    a.set(device('d4'), 4)
    a.delete(device('d1'))
    expect([...a.holders()].map(({ id }) => id).sort()).toEqual(['d2', 'd4'])
  })

  it('forgets a damaged value when it is asked for, and nothing else', () => {
    const stored = { 'rule/a@1|d1': '{"n":', 'rule/b@1|d1': '3', 'zone|z1': '{', 'zone|z2': '{"id":"z2"}' }
    const { state, a, b, damaged, device, taken } = opened(stored)
    const zones = state.table('zone')
    expect(a.get(device('d1'))).toBeUndefined()
    expect(b.get(device('d1'))).toBe(3)
    expect([...zones.entries()]).toEqual([['z2', { id: 'z2' }]])
    expect(damaged).toEqual(['rule/a@1|d1', 'zone|z1'])
    expect(taken()).toEqual({ set: [], delete: ['zone|z1', 'rule/a@1|d1'] })
  })

  it('lets go of tables that nobody asks for', () => {
    const { taken } = opened({ 'rule/a@1|d1': '1', 'rule/old@1|d1': '1', 'rule/old@1|d2': '2' })
    expect(taken()).toEqual({ set: [], delete: ['rule/old@1|d1', 'rule/old@1|d2'] })
  })

  it('is taken in slices: rows as they are then, tables as they were at the beginning', () => {
    const { state, a, device } = opened({})
    const meta = state.table('meta')
    for (const id of ['d1', 'd2', 'd3']) a.set(device(id), 1)
    meta.set('now', 1)
    const checkpoint = state.beginCheckpoint()
    a.set(device('d3'), 2)
    a.set(device('d4'), 2)
    meta.set('now', 2)
    const slices = [checkpoint.next(2), checkpoint.next(2)]
    expect(slices.map(({ change, devices, isLast }) => [change.set, devices.length, isLast])).toEqual([
      [
        [
          ['rule/a@1|d1', '1'],
          ['rule/a@1|d2', '1'],
        ],
        2,
        false,
      ],
      [
        [
          ['meta|now', '1'],
          ['rule/a@1|d3', '2'],
        ],
        1,
        true,
      ],
    ])
    expect(state.beginCheckpoint().next(9).change.set).toEqual([
      ['meta|now', '2'],
      ['rule/a@1|d4', '2'],
    ])
  })
})
