// A checkpoint that is written in slices is as good as one in a piece, wherever the worker is killed between them.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeEntry, type RawRecord } from '../../broker/entry.ts'
import type { StateChange } from '../../broker/stream.ts'
import type { Zone } from '../../model/zone.ts'
import { openFold } from '../../workers/fold.ts'
import { emptyFolded } from '../../workers/folded.ts'
import { NO_CONTEXT } from '../../workers/rule.ts'
import { RULES } from '../../workers/rules/index.ts'
import type { Checkpoint } from '../../workers/slices.ts'
import { knows, NOON, said, ticked } from './log.ts'

const HOME = { lat: 37.51, lon: 122.12 }
const zone = (radiusM: number): Zone => ({
  id: 'z1',
  name: '家',
  kind: 'safe',
  shape: { circle: { center: [HOME.lon, HOME.lat], radiusM } },
  schedule: [],
  timeZone: null,
  dwellMs: 60_000,
  residentId: 'r1',
  areaId: null,
})

const device = fc.constantFrom('d0', 'd1', 'd2', 'd3', 'd4', 'd5')

/** Readings at the limits, places at the edge, clocks that are behind: whatever leaves something in a row. */
const sample = fc.record(
  {
    loc: fc.record({
      lat: fc.constantFrom(HOME.lat, HOME.lat + 0.003, HOME.lat + 0.01),
      lon: fc.constant(HOME.lon),
      acc: fc.constantFrom(5, 15, 40),
    }),
    vitals: fc.record({ hr: fc.constantFrom(72, 135, 185), temp: fc.constantFrom(36.5, 39.4) }),
    battery: fc.constantFrom(10, 25, 90),
    worn: fc.boolean(),
  },
  { requiredKeys: [] },
)

type Happening = { afterMs: number; make: (at: number) => RawRecord[] }

const happening: fc.Arbitrary<Happening> = fc.record({
  afterMs: fc.oneof(
    { weight: 12, arbitrary: fc.nat(30_000) },
    { weight: 1, arbitrary: fc.nat(20 * 3_600_000) },
  ),
  make: fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(device, sample, fc.constantFrom(0, 0, 0, 3 * 3_600_000))
        .map(([id, body, behindMs]) => (at: number) => [
          said(id, 'telemetry', at, { ...body, ts: at - behindMs }),
        ]),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          device,
          fc.constantFrom('low_battery', 'power_off', 'removed', 'sos'),
          fc.constantFrom('e1', 'e2'),
        )
        .map(([id, kind, eventId]) => (at: number) => [said(id, 'event', at, { kind, id: eventId })]),
    },
    { weight: 4, arbitrary: fc.constant((at: number) => [ticked(at)]) },
    {
      weight: 1,
      arbitrary: fc.tuple(device, fc.boolean(), fc.constantFrom(0, 200, 1_000)).map(
        ([id, wandering, radiusM]) =>
          (at: number) =>
            knows(id, at, {
              ...NO_CONTEXT,
              residentId: 'r1',
              wandering,
              zones: radiusM > 0 ? [zone(radiusM)] : [],
            }),
      ),
    },
  ),
})

/** A commit: of so many entries; a checkpoint is begun, or a slice of so many devices goes with it. */
const life = fc.array(
  fc.record({
    entries: fc.integer({ min: 1, max: 3 }),
    begins: fc.boolean(),
    devices: fc.constantFrom(1, 1, 2, 3),
    fate: fc.constantFrom('lives', 'lives', 'killed before', 'killed after'),
  }),
  { maxLength: 40, size: 'max' },
)

/** All rules in one fold: what holds for any of them holds for each lane. */
const rules = [...RULES.urgent, ...RULES.routine]

function entriesOf(happenings: readonly Happening[]): Uint8Array[] {
  let now = NOON
  return happenings.map(({ afterMs, make }, batch) => {
    now += afterMs
    return encodeEntry({ run: 'run', batch: batch + 1, records: make(now) })
  })
}

function store(stored: Map<string, string>, change: StateChange): void {
  for (const key of change.delete) stored.delete(key)
  for (const [key, value] of change.set) stored.set(key, value)
}

type Outcome = { findings: string; state: Record<string, string> }

function straight(entries: readonly Uint8Array[]): Outcome {
  const fold = openFold({ rules, stored: new Map() })
  const folded = emptyFolded()
  for (const entry of entries) fold.apply(entry, folded)
  expect(folded.ruleErrors).toEqual([])
  const stored = new Map<string, string>()
  store(stored, fold.takeChanges())
  return { findings: JSON.stringify(folded.findings), state: Object.fromEntries([...stored].sort()) }
}

function inSlices(
  entries: readonly Uint8Array[],
  lives: readonly { entries: number; begins: boolean; devices: number; fate: string }[],
): Outcome & { slices: number } {
  const stored = new Map<string, string>()
  const committed: unknown[] = []
  let [cursor, checkpoint, slices] = [0, 0, 0]
  const reopen = () => {
    const fold = openFold({ rules, stored: new Map(stored) })
    for (const entry of entries.slice(checkpoint, cursor)) fold.apply(entry, emptyFolded())
    return fold
  }
  let fold = reopen()
  let writing: { slices: Checkpoint; at: number } | undefined
  const die = (): void => {
    fold = reopen()
    writing = undefined
  }
  const commit = (step: { entries: number; begins: boolean; devices: number; fate: string }): void => {
    const folded = emptyFolded()
    const upTo = Math.min(cursor + step.entries, entries.length)
    if (upTo === cursor) return
    for (const entry of entries.slice(cursor, upTo)) fold.apply(entry, folded)
    if (step.begins) writing ??= { slices: fold.beginCheckpoint(), at: upTo }
    const slice = step.devices > 0 ? writing?.slices.next(step.devices) : undefined
    if (step.fate === 'killed before') {
      die()
      return
    }
    committed.push(...folded.findings)
    cursor = upTo
    if (slice && writing) {
      slices++
      store(stored, slice.change)
      if (slice.isLast) {
        checkpoint = writing.at
        writing = undefined
      }
    }
    if (step.fate === 'killed after') die()
  }
  for (const step of lives) commit(step)
  while (cursor < entries.length) commit({ entries: 1, begins: true, devices: 1, fate: 'lives' })
  die()
  store(stored, fold.takeChanges())
  return { findings: JSON.stringify(committed), state: Object.fromEntries([...stored].sort()), slices }
}

describe('a checkpoint in slices', () => {
  it('leaves findings and state byte for byte what they are without', async () => {
    let [slices, characters] = [0, 0]
    await fc.assert(
      fc.property(fc.array(happening, { maxLength: 60, size: 'max' }), life, (happenings, lives) => {
        const entries = entriesOf(happenings)
        const once = straight(entries)
        const sliced = inSlices(entries, lives)
        slices += sliced.slices
        characters += once.findings.length
        expect(sliced.findings).toBe(once.findings)
        expect(sliced.state).toEqual(once.state)
      }),
      { numRuns: 200 },
    )
    expect(slices, 'checkpoints are cut').toBeGreaterThan(1_000)
    expect(characters, 'the logs do raise findings').toBeGreaterThan(50_000)
  })

  it('keeps what is held back of a flood, though a tick before it is folded again', () => {
    const flood = (at: number) =>
      Array.from({ length: 1_010 }, (_, i) => said('d1', 'event', at, { kind: 'sos', text: String(i) }))
    const minute = 60_000
    const logged = [
      ['d0', 'd1'].map(id => said(id, 'telemetry', NOON, { battery: 10 })),
      flood(NOON + minute),
      [ticked(NOON + minute + 10)],
      flood(NOON + minute + 20),
      [ticked(NOON + 2 * minute)],
    ]
    const entries = logged.map((records, batch) => encodeEntry({ run: 'run', batch: batch + 1, records }))
    const once = straight(entries)
    expect(once.findings).toContain('"count":')
    const sliced = inSlices(entries, [
      { entries: 1, begins: true, devices: 1, fate: 'lives' },
      { entries: 2, begins: false, devices: 0, fate: 'lives' },
      { entries: 1, begins: false, devices: 1, fate: 'killed after' },
      { entries: 1, begins: false, devices: 0, fate: 'lives' },
    ])
    expect(sliced.findings).toBe(once.findings)
    expect(sliced.state).toEqual(once.state)
  })
})
