// The plan of a long run: repeatable, and leaving nothing out.

import { expect, it } from 'vitest'
import { FAULT_KINDS, planFaults } from './chaos/plan.ts'

const HOUR_MS = 3_600_000
const plan = (seed: number, durationMs = HOUR_MS) => planFaults({ seed, durationMs, each: 2 })

it('is the same for the same seed, and another one for another', () => {
  expect(plan(7)).toEqual(plan(7))
  expect(plan(8)).not.toEqual(plan(7))
})

it('has every kind of fault before any comes again to the same', () => {
  const faults = plan(7)
  const names = faults.map(({ kind, whom }) => `${whom} ${kind}`)
  const firstRound = new Set(names).size
  expect(new Set(names.slice(0, firstRound)).size).toBe(firstRound)
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS))
})

it('kills and freezes every process, and keeps PostgreSQL away for half a minute', () => {
  const faults = plan(7)
  for (const kind of ['killed', 'frozen'] as const) {
    const whom = new Set(faults.filter(fault => fault.kind === kind).map(fault => fault.whom))
    expect(whom.size, kind).toBe(8)
  }
  expect(faults).toContainEqual(expect.objectContaining({ kind: 'postgres stopped', lastsMs: 30_000 }))
})

it('is in order, leaves time to settle, and breaks nothing else while everything is broken', () => {
  const faults = plan(7)
  expect(faults.length).toBeGreaterThan(100)
  expect(faults.at(-1)?.atMs).toBeLessThan(HOUR_MS - 10_000)
  for (const [i, fault] of faults.slice(1).entries()) {
    const before = faults[i]
    expect(fault.atMs).toBeGreaterThan(before?.atMs ?? 0)
    if (before?.whom === 'hub') expect(fault.atMs).toBeGreaterThan(before.atMs + before.lastsMs)
  }
})

it('has nothing to do when there is no time', () => {
  expect(plan(7, 5_000)).toEqual([])
})
