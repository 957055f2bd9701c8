// What the rules really find, told in both languages: every number that raised a finding stands in its sentence.

import { describe, expect, test } from 'vitest'
import { encodeEntry, type RawRecord } from '../../../broker/entry.ts'
import { distance, duration, number } from '../../../model/amounts.ts'
import { explainEn } from '../../../model/explain.en.ts'
import { type ExplainWords, explain } from '../../../model/explain.ts'
import { explainZh } from '../../../model/explain.zh.ts'
import { FINDING_KINDS, type Finding } from '../../../model/finding.ts'
import type { Lane } from '../../../model/lane.ts'
import type { Telemetry } from '../../../model/telemetry.ts'
import { openFold } from '../../../workers/fold.ts'
import { emptyFolded } from '../../../workers/folded.ts'
import { type Context, NO_CONTEXT } from '../../../workers/rule.ts'
import { RULES } from '../../../workers/rules/index.ts'
import { burstOf } from '../happenings.ts'
import { knows, NOON, said, ticked } from '../log.ts'
import { circle, placed } from './story.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const TICK = 10 * SECOND

/** A log of one device in virtual time, with a tick every ten seconds. */
type Log = {
  /** Lets time pass. */
  pass(ms: number): void
  sample(sample: Telemetry): void
  event(event: object): void
  burst(burst: object): void
  /** A fall was found in bursts. */
  fall(): void
  registry(context: Partial<Context>): void
}

/** Tells a log to the fold of a lane, with all its rules, and returns what it found. */
function found(lane: Lane, tell: (log: Log) => void): Finding[] {
  const records: RawRecord[] = []
  let now = NOON
  tell({
    pass(ms) {
      const until = now + ms
      while (now < until) {
        now = Math.min(now + TICK, until)
        records.push(ticked(now))
      }
    },
    sample: sample => void records.push(said('d1', 'telemetry', now, sample)),
    event: event => void records.push(said('d1', 'event', now, event)),
    burst: burst => void records.push(said('d1', 'motion', now, burst)),
    fall: () => void records.push(said('d1', 'context', now, { fall: { id: 'f1', at: now } })),
    registry: context =>
      void records.push(...knows('d1', now, { ...NO_CONTEXT, residentId: 'elder', ...context })),
  })
  const fold = openFold({ rules: RULES[lane], stored: new Map() })
  const folded = emptyFolded()
  records.forEach((record, batch) => {
    fold.apply(encodeEntry({ run: 'r', batch: batch + 1, records: [record] }), folded)
  })
  expect(folded.ruleErrors).toEqual([])
  return folded.findings
}

const atHome: Telemetry = { loc: { ...placed(0), acc: 10, src: 'gps' }, worn: true }
const away = (eastM: number): Telemetry => ({ loc: { ...placed(eastM), acc: 12, src: 'gps' }, worn: true })

/** What is to be found, and what happens. */
const STORIES: { finds: string; lane: Lane; tell: (log: Log) => void }[] = [
  ...(['sos', 'fall', 'service', 'cancel'] as const).map(kind => ({
    finds: kind,
    lane: 'urgent' as const,
    tell: (log: Log) => log.event({ kind, id: 'e1', text: '救命' }),
  })),
  {
    finds: 'fall',
    lane: 'motion',
    tell(log) {
      for (let i = 0; i < 3; i++) {
        log.burst(burstOf({ movement: 'falling', seed: i }, NOON + i * MINUTE))
        log.pass(MINUTE)
      }
      log.pass(25 * HOUR)
    },
  },
  {
    finds: 'fall',
    lane: 'routine',
    tell(log) {
      log.fall()
      for (let i = 0; i < 4; i++) {
        log.sample({ ...atHome, steps: 100 })
        log.pass(30 * SECOND)
      }
    },
  },
  {
    finds: 'vitals',
    lane: 'routine',
    tell(log) {
      for (let i = 0; i < 6; i++) {
        log.sample({ vitals: { hr: i < 3 ? 118 : 72, rr: i < 3 ? 22 : 14, temp: i < 3 ? 38.4 : 36.8 } })
        log.pass(2 * MINUTE)
      }
    },
  },
  {
    finds: 'vitals',
    lane: 'routine',
    tell(log) {
      for (let hour = 0; hour < 90; hour++) {
        log.sample({ vitals: { hr: 70 + (hour % 5), spo2: 97 } })
        log.pass(HOUR)
      }
      for (let i = 0; i < 10; i++) {
        log.sample({ vitals: { hr: i < 5 ? 99 : 72 } })
        log.pass(5 * MINUTE)
      }
    },
  },
  {
    finds: 'vitals',
    lane: 'routine',
    tell(log) {
      log.sample({ vitals: { hr: 112 } })
      log.pass(MINUTE)
      log.sample({ vitals: { hr: 114 } })
      log.pass(MINUTE)
      log.registry({ thresholds: { hr: { high: { high: 110, critical: 150 } } } })
    },
  },
  { finds: 'custom', lane: 'urgent', tell: log => log.event({ kind: 'custom', text: '门开着' }) },
  { finds: 'unreadable_event', lane: 'urgent', tell: log => log.event({ kind: 'dance' }) },
  { finds: 'removed', lane: 'urgent', tell: log => log.event({ kind: 'removed' }) },
  {
    finds: 'removed',
    lane: 'routine',
    tell(log) {
      log.sample({ worn: false })
      log.pass(6 * MINUTE)
      log.sample({ worn: false })
      log.pass(6 * MINUTE)
      log.sample({ worn: true })
    },
  },
  {
    finds: 'low_battery',
    lane: 'routine',
    tell(log) {
      log.sample({ battery: 12 })
      log.pass(HOUR)
      log.sample({ battery: 85 })
    },
  },
  {
    finds: 'power_off',
    lane: 'routine',
    tell(log) {
      log.event({ kind: 'power_off' })
      log.pass(20 * MINUTE)
      log.sample({ battery: 50 })
    },
  },
  { finds: 'vitals', lane: 'routine', tell: log => log.sample({ vitals: { hr: 190 } }) },
  {
    finds: 'vitals',
    lane: 'routine',
    tell(log) {
      log.sample({ vitals: { spo2: 89 } })
      log.pass(5 * MINUTE)
      log.sample({ vitals: { spo2: 88 } })
    },
  },
  {
    finds: 'vitals',
    lane: 'routine',
    tell(log) {
      log.sample({ vitals: { temp: 39.4 } })
      log.pass(2 * MINUTE)
      for (let i = 0; i < 4; i++) {
        log.sample({ vitals: { temp: 36.6 } })
        log.pass(MINUTE)
      }
    },
  },
  {
    finds: 'zone_exit',
    lane: 'routine',
    tell(log) {
      log.registry({ zones: [circle()] })
      log.sample(atHome)
      for (let i = 1; i <= 6; i++) {
        log.pass(MINUTE)
        log.sample(away(300 + 60 * i))
      }
    },
  },
  {
    finds: 'zone_exit',
    lane: 'routine',
    tell(log) {
      log.sample(away(2_000))
      log.pass(5 * MINUTE)
      log.registry({ zones: [circle()], wandering: true })
    },
  },
  {
    finds: 'danger_zone_enter',
    lane: 'routine',
    tell(log) {
      log.registry({
        zones: [circle({ id: 'pond', name: '水塘', kind: 'danger', eastM: 500, radiusM: 100 })],
      })
      log.sample(atHome)
      for (let i = 1; i <= 6; i++) {
        log.pass(MINUTE)
        log.sample(away(430 + 3 * i))
      }
    },
  },
  {
    finds: 'silent',
    lane: 'routine',
    tell(log) {
      log.registry({ livesAlone: true })
      log.sample({ battery: 50 })
      log.pass(5 * HOUR)
      log.sample({ battery: 50 })
    },
  },
  {
    finds: 'silent',
    lane: 'routine',
    tell(log) {
      log.registry({ areaId: 'a1', intervalMs: 5 * MINUTE })
      log.sample({ battery: 50 })
      log.pass(HOUR)
      log.registry({ areaId: 'a1', intervalMs: 5 * MINUTE, awayUntil: NOON + 48 * HOUR })
    },
  },
  {
    finds: 'no_movement',
    lane: 'routine',
    tell(log) {
      for (let i = 0; i < 16; i++) {
        log.sample({ ...atHome, steps: 4_321, vitals: { hr: 61 } })
        log.pass(15 * MINUTE)
      }
    },
  },
  {
    finds: 'missed_check_in',
    lane: 'routine',
    tell(log) {
      log.registry({ checkInBy: '12:30' })
      log.pass(40 * MINUTE)
      log.event({ kind: 'check_in' })
    },
  },
]

/** Evidence that is no part of the sentence, and why. */
const UNTOLD: Readonly<Record<string, string>> = {
  position: 'the console shows it on a line of its own',
  lastHeardAt: 'it is told as a duration',
  deviceTs: 'the console says that the clock is wrong',
  behindMs: 'the console says that the clock is wrong',
}

/** How a number of this name is written. */
function writtenAs(name: string, value: number, { amounts }: ExplainWords): string {
  if (/Ms$/.test(name)) return duration(value, amounts)
  if (/[a-z]M$/.test(name)) return distance(value, amounts)
  return /[Pp]ercent$/.test(name) && name.startsWith('battery') ? String(Math.round(value)) : number(value)
}

/** One position suffices when it is far out, or deep inside: how many there were for how long is no reason then. */
const NO_REASON = { far: ['outsideForMs', 'dwellMs', 'fixes'], deep: ['insideForMs', 'dwellMs', 'fixes'] }

function numbersOf(evidence: Finding['evidence']): [string, number][] {
  const { reason } = evidence
  const others = reason === 'far' || reason === 'deep' ? NO_REASON[reason] : []
  return Object.entries(evidence).filter(
    (entry): entry is [string, number] =>
      typeof entry[1] === 'number' && !Object.hasOwn(UNTOLD, entry[0]) && !others.includes(entry[0]),
  )
}

const kindsFound = new Set<string>()

describe('every number that raised it is told', () => {
  test.each(STORIES)('$finds ($lane)', ({ finds, lane, tell }) => {
    const findings = found(lane, tell).filter(({ kind }) => kind === finds)
    expect(findings, 'the story is one of this kind').not.toEqual([])
    kindsFound.add(finds)
    for (const finding of findings) {
      for (const words of [explainZh, explainEn]) {
        const sentence = explain(finding, words)
        const untold = numbersOf(finding.evidence).filter(
          ([name, value]) => !sentence?.includes(writtenAs(name, value, words)),
        )
        expect(untold, `${sentence} ${JSON.stringify(finding)}`).toEqual([])
      }
    }
  })

  test('for every kind that rules find', () => {
    // Many silent devices of one area are one incident, which `alerts` finds.
    expect(FINDING_KINDS.filter(kind => kind !== 'area_outage' && !kindsFound.has(kind))).toEqual([])
  })
})
