// A fall on its way from the motion lane to the routine lane: noted before it is committed, at least once, and taken
// once.

import { expect, it, vi } from 'vitest'
import { encodeEntry } from '../../broker/entry.ts'
import type { Append } from '../../broker/stream.ts'
import { LANES } from '../../model/lane.ts'
import { epochMs } from '../../model/units.ts'
import { openFallNotes } from '../../workers/fall-notes.ts'
import { type Fold, openFold } from '../../workers/fold.ts'
import { emptyFolded, type Folded } from '../../workers/folded.ts'
import { RULES } from '../../workers/rules/index.ts'
import { falling, recorded, walking } from './falls/bursts.ts'
import { foldOne, NOON, said, ticked } from './log.ts'
import { silentLog } from './silent.ts'

const SECOND = 1_000
const motionFold = () => openFold({ rules: RULES.motion, stored: new Map() })
const routineFold = () => openFold({ rules: RULES.routine, stored: new Map() })
const burst = (at: number, movement = falling, id = 'b1') =>
  said('d1', 'motion', at, { ...recorded(movement), id })
const steps = (at: number, count = 900) => said('d1', 'telemetry', at, { steps: count, worn: true })

/** Notes of an owner of this name; `append` may fail. */
function noting({
  run = 'f0-1-a',
  isMine = () => true as boolean,
  append = async () => undefined as unknown,
} = {}) {
  const appended: Append[] = []
  const notes = openFallNotes({
    stream: {
      async append(entries: readonly Append[]) {
        appended.push(...entries)
        await append()
        return { shed: [], routineFill: 0 }
      },
    },
    partition: 0,
    run,
    isMine,
    log: silentLog,
  })
  return { notes, appended }
}

function take(fold: Fold, entries: readonly Append[]): Folded {
  const folded = emptyFolded()
  for (const { data } of entries) fold.apply(data, folded)
  return folded
}

it('the folds of both lanes: high by the burst, critical when nobody gets up', async () => {
  const { findings } = foldOne(motionFold(), [burst(NOON)], { batch: 1 })
  expect(findings).toMatchObject([{ kind: 'fall', severity: 'high', deviceId: 'd1', eventId: 'b1' }])
  const { notes, appended } = noting()
  await notes.note(findings, epochMs(NOON + SECOND))
  expect(appended).toMatchObject([{ lane: 'routine', kept: true }])

  const routine = routineFold()
  expect(take(routine, appended)).toMatchObject({ findings: [], ruleErrors: [] })
  const told = foldOne(routine, [steps(NOON + 10 * SECOND), steps(NOON + 80 * SECOND)], { batch: 1 })
  expect(told.findings).toMatchObject([
    { kind: 'fall', severity: 'critical', evidence: { of: findings[0]?.id } },
  ])
})

it('nothing is noted of what is no fall', async () => {
  const { findings } = foldOne(motionFold(), [burst(NOON, walking)], { batch: 1 })
  const { notes, appended } = noting()
  await notes.note(findings, epochMs(NOON))
  expect(appended).toEqual([])
})

it('the owner is killed before it commits: the next one notes it again, and it is told once', async () => {
  const entry = encodeEntry({ run: 'r', batch: 1, records: [burst(NOON)] })
  const [first, second] = ['f0-1-a', 'f0-2-b'].map(run => noting({ run }))
  for (const owner of [first, second]) {
    const folded = emptyFolded()
    motionFold().apply(entry, folded)
    await owner?.notes.note(folded.findings, epochMs(NOON + SECOND))
  }
  const routine = routineFold()
  take(routine, first?.appended ?? [])
  foldOne(routine, [steps(NOON + 10 * SECOND)], { batch: 1 })
  take(routine, second?.appended ?? [])
  const told = foldOne(routine, [steps(NOON + 80 * SECOND), steps(NOON + 160 * SECOND)], { batch: 2 })
  expect(told.findings).toHaveLength(1)
})

it('an append that fails is sent again as the same batch, and is taken once', async () => {
  const append = vi.fn<() => Promise<unknown>>().mockRejectedValueOnce(new Error('full')).mockResolvedValue(0)
  const { notes, appended } = noting({ append })
  const { findings } = foldOne(motionFold(), [burst(NOON)], { batch: 1 })
  await notes.note(findings, epochMs(NOON))
  expect(appended).toHaveLength(2)
  expect(appended[0]?.data).toEqual(appended[1]?.data)
})

it('an owner who is none any more notes nothing', async () => {
  const { notes, appended } = noting({ isMine: () => false })
  await notes.note(foldOne(motionFold(), [burst(NOON)], { batch: 1 }).findings, epochMs(NOON))
  expect(appended).toEqual([])
})

it('a review that ends is no fall', async () => {
  const fold = motionFold()
  const bursts = ['b1', 'b2', 'b3'].map((id, i) => burst(NOON + i * SECOND, falling, id))
  expect(foldOne(fold, bursts, { batch: 1 }).findings.map(({ severity }) => severity)).toEqual([
    'high',
    'high',
    'notice',
  ])
  const { findings } = foldOne(fold, [ticked(NOON + 24 * 3_600_000)], { batch: 2 })
  expect(findings).toMatchObject([{ kind: 'fall', ended: true }])
  const { notes, appended } = noting()
  await notes.note(findings, epochMs(NOON))
  expect(appended).toEqual([])
})

it('a note means nothing to the other lanes', () => {
  for (const lane of LANES) {
    const fold = openFold({ rules: RULES[lane], stored: new Map() })
    const note = said('d1', 'context', NOON, { fall: { id: 'f1', at: NOON } })
    expect(foldOne(fold, [note], { batch: 1 })).toMatchObject({ findings: [], ruleErrors: [] })
  }
})
