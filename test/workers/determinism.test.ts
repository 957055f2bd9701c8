// The same records give the same findings, byte for byte, whatever the batch boundaries and wherever the worker was
// killed. A failure prints the seed with which it can be told again: fc.assert(…, { seed, path }).

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeEntry, type RawRecord } from '../../broker/entry.ts'
import type { StateChange } from '../../broker/stream.ts'
import type { Finding } from '../../model/finding.ts'
import { LANES, type Lane } from '../../model/lane.ts'
import { type Fold, openFold } from '../../workers/fold.ts'
import { emptyFolded } from '../../workers/folded.ts'
import { RULES } from '../../workers/rules/index.ts'
import type { Checkpoint } from '../../workers/slices.ts'
import { happeningIn, recordsOf } from './happenings.ts'

/** A log: entries, and how many records came before each. */
type Logged = { entries: Uint8Array[]; before: number[] }

/** Packs records into entries of these sizes, over and over. */
function pack(records: readonly RawRecord[], sizes: readonly number[]): Logged {
  const logged: Logged = { entries: [], before: [] }
  for (let i = 0; i < records.length; ) {
    const size = sizes[logged.entries.length % sizes.length] ?? 1
    const batch = logged.entries.length + 1
    logged.entries.push(encodeEntry({ run: 'run', batch, records: records.slice(i, i + size) }))
    logged.before.push(i)
    i += size
  }
  return logged
}

/** Findings whose ids name the record they are of, instead of where it was packed. */
function byRecord(findings: readonly Finding[], { before }: Logged): string {
  const named = findings.map(finding => {
    const [, batch = '', index = '', ordinal] = finding.id.split('-')
    const record = (before[Number.parseInt(batch, 36) - 1] ?? Number.NaN) + Number.parseInt(index, 36)
    return { ...finding, id: `${record}-${ordinal}` }
  })
  return JSON.stringify(named)
}

function straight(lane: Lane, { entries }: Logged): { findings: Finding[]; rows: Record<string, string> } {
  const fold = openFold({ rules: RULES[lane], stored: new Map() })
  const folded = emptyFolded()
  for (const entry of entries) fold.apply(entry, folded)
  expect(folded.ruleErrors).toEqual([])
  return { findings: folded.findings, rows: rowsOf(fold) }
}

/** What is stored of devices; the rest counts entries. */
function rowsOf(fold: Fold): Record<string, string> {
  const stored = new Map<string, string>()
  store(stored, fold.takeChanges())
  return Object.fromEntries([...stored].filter(([key]) => /\|d\d$/.test(key)).sort())
}

function store(stored: Map<string, string>, change: StateChange): void {
  for (const key of change.delete) stored.delete(key)
  for (const [key, json] of change.set) stored.set(key, json)
}

/**
 * A commit of a worker's life: of so many entries, with a checkpoint begun, and with the rows of so many devices of one
 * that is on its way. It may be killed before or after.
 */
type Commit = {
  entries: number
  begins: boolean
  devices: number
  fate: 'lives' | 'killed before' | 'killed after'
}

const life: fc.Arbitrary<Commit[]> = fc.array(
  fc.record({
    entries: fc.integer({ min: 1, max: 5 }),
    begins: fc.boolean(),
    devices: fc.constantFrom(1, 2, 3, Number.POSITIVE_INFINITY),
    fate: fc.constantFrom('lives', 'lives', 'killed before', 'killed after'),
  }),
  { maxLength: 20, size: 'max' },
)

const TO_THE_END: Commit = { entries: Number.POSITIVE_INFINITY, begins: true, devices: 9, fate: 'lives' }

/** Folds as workers do that are killed: findings and cursor together, state in slices, replay in silence. */
function withKills(lane: Lane, { entries }: Logged, lives: readonly Commit[]): Finding[] {
  const stored = new Map<string, string>()
  const committed: Finding[] = []
  let [cursor, checkpoint] = [0, 0]
  let writing: { slices: Checkpoint; at: number } | undefined
  const born = (): Fold => {
    writing = undefined
    const fold = openFold({ rules: RULES[lane], stored: new Map(stored) })
    for (const entry of entries.slice(checkpoint, cursor)) fold.apply(entry, emptyFolded())
    return fold
  }
  let fold = born()
  for (const step of [...lives, TO_THE_END]) {
    const folded = emptyFolded()
    const upTo = Math.min(cursor + step.entries, entries.length)
    if (upTo === cursor) break
    for (const entry of entries.slice(cursor, upTo)) fold.apply(entry, folded)
    if (step.fate === 'killed before') {
      fold = born()
      continue
    }
    if (step.begins) writing ??= { slices: fold.beginCheckpoint(), at: upTo }
    const slice = writing?.slices.next(step.devices)
    committed.push(...folded.findings)
    cursor = upTo
    if (slice !== undefined) store(stored, slice.change)
    if (slice?.isLast && writing !== undefined) {
      checkpoint = writing.at
      writing = undefined
    }
    if (step.fate === 'killed after') fold = born()
  }
  return committed
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })

/** As many records as an entry can hold. */
const ALL = [65_535]

/** The detector of falls takes a hundred times as long as any other rule. */
const RUNS: Record<Lane, number> = { urgent: 100, motion: 15, routine: 100 }

describe.each(LANES.filter(lane => RULES[lane].length > 0))('the %s lane', lane => {
  it('gives the same findings, byte for byte, whatever the batch boundaries and kills', async () => {
    const kinds = new Map<string, number>()
    await fc.assert(
      fc.property(
        fc.array(happeningIn(lane), { maxLength: 50, size: 'max' }),
        sizes,
        life,
        (happened, cut, lives) => {
          const records = recordsOf(happened)
          const logged = pack(records, cut)
          const once = straight(lane, logged)
          for (const { kind } of once.findings) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
          expect(JSON.stringify(withKills(lane, logged, lives))).toBe(JSON.stringify(once.findings))
          const whole = pack(records, ALL)
          const inOneGo = straight(lane, whole)
          expect(byRecord(inOneGo.findings, whole)).toBe(byRecord(once.findings, logged))
          expect(inOneGo.rows).toEqual(once.rows)
        },
      ),
      { numRuns: RUNS[lane] },
    )
    process.stdout.write(`${lane}: ${[...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ')}\n`)
    expect([...kinds.keys()], 'the logs do raise findings').toEqual(
      expect.arrayContaining(SURELY_RAISED[lane]),
    )
  })
})

/** What so many logs raise in every lane; the rarer kinds have stories of their own. */
const SURELY_RAISED: Record<Lane, string[]> = {
  urgent: ['sos', 'fall', 'service', 'removed', 'cancel', 'custom', 'unreadable_event'],
  motion: ['fall'],
  routine: ['vitals', 'zone_exit', 'low_battery', 'power_off', 'removed'],
}
