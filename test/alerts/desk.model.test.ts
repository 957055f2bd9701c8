// Whatever operators, responders, screens that die, findings, shifts and clocks do, in whatever order, on real records:
// nobody is forgotten, no alarm has two owners, and its timeline tells all of it.

import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ENGINE } from '../records/started.ts'
import { type Desk, openDesk } from './desk.ts'
import { COMMANDS } from './model/commands.ts'
import { everythingHolds } from './model/holds.ts'
import { type Model, newModel } from './model/model.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

/** What is decided is the same on both engines; on PostgreSQL, where a run takes many times as long, it is how it is kept. */
const RUNS = Number(process.env.MODEL_RUNS ?? (ENGINE === 'postgres' ? 12 : 36))

test('never two owners, never without a next step, never a lost transition, and the timeline explains the state', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands([...COMMANDS], { maxCommands: 60, size: 'max' }), async commands => {
      await desk.clear()
      const model: Model = newModel()
      await fc.asyncModelRun(() => ({ model, real: desk }), commands)
      await everythingHolds(desk, model)
    }),
    { numRuns: RUNS },
  )
  expect.hasAssertions()
}, 120_000)
