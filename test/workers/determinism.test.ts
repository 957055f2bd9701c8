// The same log gives the same findings, byte for byte, whatever the batch boundaries and kills.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeEntry, type RawRecord } from '../../broker/entry.ts'
import { LANES, type Lane } from '../../model/lane.ts'
import { emptyFolded, openFold } from '../../workers/fold.ts'
import { RULES } from '../../workers/rules/index.ts'
import { knows, NOON, said, ticked } from './log.ts'

const HOME = { lat: 37.51, lon: 122.12 }
const zone = {
  id: 'z1',
  name: '家',
  kind: 'safe' as const,
  shape: { circle: { center: [HOME.lon, HOME.lat] as [number, number], radiusM: 200 } },
  dwellMs: 60_000,
  residentId: 'r1',
  areaId: null,
}

const device = fc.constantFrom('d0', 'd1', 'd2')

const sample = fc.record(
  {
    loc: fc.record({
      lat: fc.double({ min: HOME.lat - 0.02, max: HOME.lat + 0.02, noNaN: true }),
      lon: fc.double({ min: HOME.lon - 0.02, max: HOME.lon + 0.02, noNaN: true }),
      acc: fc.integer({ min: 3, max: 60 }),
    }),
    vitals: fc.record(
      {
        hr: fc.integer({ min: 0, max: 255 }),
        spo2: fc.integer({ min: 80, max: 100 }),
        temp: fc.double({ min: 34, max: 42, noNaN: true }),
      },
      { requiredKeys: [] },
    ),
    battery: fc.integer({ min: 0, max: 100 }),
    worn: fc.boolean(),
  },
  { requiredKeys: [] },
)

/** How far a device's clock is behind; none when it sends no time. */
const behind = fc.constantFrom(undefined, 0, 60_000, 3 * 3_600_000, 9 * 24 * 3_600_000)

const event = fc.record(
  {
    kind: fc.constantFrom(
      'sos',
      'service',
      'fall',
      'removed',
      'cancel',
      'low_battery',
      'power_off',
      'custom',
      'dance',
    ),
    id: fc.constantFrom('e1', 'e2', 'e3', 'e4'),
  },
  { requiredKeys: ['kind'] },
)

type Happening = { afterMs: number; make: (at: number) => RawRecord | RawRecord[] }

const happening: fc.Arbitrary<Happening> = fc.record({
  afterMs: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
    { weight: 1, arbitrary: fc.integer({ max: 30 * 3_600_000, min: 0 }) },
  ),
  make: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(device, sample, behind).map(
        ([id, body, behindMs]) =>
          (at: number) =>
            said(id, 'telemetry', at, behindMs === undefined ? body : { ...body, ts: at - behindMs }),
      ),
    },
    {
      weight: 4,
      arbitrary: fc.tuple(device, event).map(
        ([id, body]) =>
          (at: number) =>
            said(id, 'event', at, body),
      ),
    },
    { weight: 1, arbitrary: device.map(id => (at: number) => said(id, 'telemetry', at, '{"half')) },
    { weight: 3, arbitrary: fc.constant((at: number) => ticked(at)) },
    {
      weight: 1,
      arbitrary: fc.tuple(device, fc.boolean(), fc.boolean()).map(
        ([id, wandering, hasZone]) =>
          (at: number) =>
            knows(id, at, { residentId: 'r1', wandering, zones: hasZone ? [zone] : [] }),
      ),
    },
  ),
})

/** How a worker's life went: after so many entries it commits, maybe with a checkpoint, and maybe it is killed then. */
const life = fc.array(
  fc.record({
    entries: fc.integer({ min: 1, max: 5 }),
    checkpoint: fc.boolean(),
    killedBeforeCommit: fc.boolean(),
    killedAfter: fc.boolean(),
  }),
  { maxLength: 20 },
)

function entriesOf(happenings: readonly Happening[], perEntry: number): Uint8Array[] {
  let now = NOON
  const records = happenings.flatMap(({ afterMs, make }) => {
    now += afterMs
    return make(now)
  })
  const entries: Uint8Array[] = []
  for (let i = 0; i < records.length; i += perEntry) {
    entries.push(
      encodeEntry({ run: 'run', batch: entries.length + 1, records: records.slice(i, i + perEntry) }),
    )
  }
  return entries
}

function straight(lane: Lane, entries: readonly Uint8Array[]): string {
  const fold = openFold({ rules: RULES[lane], stored: new Map() })
  const folded = emptyFolded()
  for (const entry of entries) fold.apply(entry, folded)
  expect(folded.ruleErrors).toEqual([])
  return JSON.stringify(folded.findings)
}

/** Folds as workers do that are killed: findings and cursor together, state now and then, replay in silence. */
function withKills(
  lane: Lane,
  entries: readonly Uint8Array[],
  lives: readonly {
    entries: number
    checkpoint: boolean
    killedBeforeCommit: boolean
    killedAfter: boolean
  }[],
): string {
  const stored = new Map<string, string>()
  const committed: unknown[] = []
  let cursor = 0
  let checkpoint = 0
  const reopen = () => {
    const fold = openFold({ rules: RULES[lane], stored: new Map(stored) })
    for (const entry of entries.slice(checkpoint, cursor)) fold.apply(entry, emptyFolded())
    return fold
  }
  let fold = reopen()
  const commit = (count: number, withState: boolean): void => {
    const folded = emptyFolded()
    for (const entry of entries.slice(cursor, cursor + count)) fold.apply(entry, folded)
    committed.push(...folded.findings)
    cursor = Math.min(cursor + count, entries.length)
    if (!withState) return
    const changes = fold.takeChanges()
    for (const key of changes.delete) stored.delete(key)
    for (const [key, value] of changes.set) stored.set(key, value)
    checkpoint = cursor
  }
  for (const step of lives) {
    if (step.killedBeforeCommit) {
      for (const entry of entries.slice(cursor, cursor + step.entries)) fold.apply(entry, emptyFolded())
      fold = reopen()
    }
    commit(step.entries, step.checkpoint || lane === 'urgent')
    if (step.killedAfter) fold = reopen()
  }
  commit(entries.length, true)
  return JSON.stringify(committed)
}

describe.each(LANES.filter(lane => RULES[lane].length > 0))('the %s lane', lane => {
  it('gives the same findings, byte for byte, whatever the batch boundaries and kills', async () => {
    let characters = 0
    await fc.assert(
      fc.property(
        fc.array(happening, { maxLength: 80, size: 'max' }),
        fc.integer({ min: 1, max: 7 }),
        life,
        (happenings, perEntry, lives) => {
          const entries = entriesOf(happenings, perEntry)
          const once = straight(lane, entries)
          characters += once.length
          expect(withKills(lane, entries, lives)).toBe(once)
        },
      ),
      { numRuns: 300 },
    )
    expect(characters, 'the logs do raise findings').toBeGreaterThan(100_000)
  })
})
