// What happened in the demo's district in the last days, as a plan (pure): the same seed and time give the same. The
// shares are such as centres publish: most are answered within seconds, a third are false alarms, a few go to hospital.

import type { FindingKind, Severity } from '../model/finding.ts'
import type { Disposition } from '../model/incident.ts'
import { type Dice, shuffle } from '../simulators/dice.ts'

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** One alarm of the past; every time is after `at`, in the order in which they stand here. */
export type PastAlarm = {
  at: number
  /** Which elder, by their place in the district. */
  elder: number
  kind: FindingKind
  severity: Severity
  evidence: Record<string, unknown>
  /** How often it was said within a minute. */
  times: number
  /** Technical ones end by themselves. */
  endsAfterMs?: number
  work?: PastWork
}

export type PastWork = {
  operator: number
  answeredMs: number
  calledMs: number
  /** Somebody was sent, and was there. */
  sent?: { responder: number; askedMs: number; onTheWayMs: number; arrivedMs: number }
  resolvedMs: number
  disposition: Disposition
  /** The follow-up. */
  closed?: { afterMs: number; mark: number }
}

export type PastCall = { at: number; elder: number; operator: number; answeredMs?: number; endedMs: number }
export type PastPlan = { alarms: PastAlarm[]; calls: PastCall[] }

export type PlanFor = { now: number; days: number; elders: number; operators: number; responders: number }

type Happening = {
  weight: number
  kind: FindingKind
  severity: Severity
  evidence(dice: Dice): Record<string, unknown>
  dispositions: readonly (readonly [Disposition, number])[]
  sentShare: number
}

const EMERGENCIES: readonly Happening[] = [
  {
    weight: 46,
    kind: 'sos',
    severity: 'critical',
    evidence: () => ({}),
    dispositions: [
      ['helped_at_home', 40],
      ['false_alarm', 24],
      ['wearer_cancelled', 14],
      ['hospital', 14],
      ['test', 8],
    ],
    sentShare: 0.55,
  },
  {
    weight: 20,
    kind: 'fall',
    severity: 'critical',
    evidence: () => ({}),
    dispositions: [
      ['helped_at_home', 48],
      ['false_alarm', 26],
      ['hospital', 26],
    ],
    sentShare: 0.7,
  },
  {
    weight: 12,
    kind: 'vitals',
    severity: 'high',
    evidence: dice => ({ metric: 'hr', side: 'above', hrBpm: dice.whole(132, 146), limitBpm: 131 }),
    dispositions: [
      ['helped_at_home', 55],
      ['false_alarm', 20],
      ['device_fault', 10],
      ['hospital', 15],
    ],
    sentShare: 0.4,
  },
  {
    weight: 14,
    kind: 'zone_exit',
    severity: 'critical',
    evidence: dice => ({ distanceM: dice.whole(90, 420), accuracyM: dice.whole(5, 9), source: 'bds' }),
    dispositions: [
      ['brought_home', 74],
      ['false_alarm', 26],
    ],
    sentShare: 0.8,
  },
  {
    weight: 8,
    kind: 'no_movement',
    severity: 'high',
    evidence: () => ({}),
    dispositions: [
      ['helped_at_home', 40],
      ['false_alarm', 60],
    ],
    sentShare: 0.5,
  },
]

const SERVICE: Happening = {
  weight: 1,
  kind: 'service',
  severity: 'notice',
  evidence: () => ({}),
  dispositions: [['service_request', 1]],
  sentShare: 0.15,
}

/** How long people waited for somebody, with how often in a hundred. */
const ANSWERED_MS: readonly (readonly [{ min: number; max: number }, number])[] = [
  [{ min: 3_000, max: 14_000 }, 91],
  [{ min: 15_000, max: 20_000 }, 5],
  [{ min: 21_000, max: 58_000 }, 3],
  [{ min: 62_000, max: 150_000 }, 1],
]

/** Nothing is planned nearer to now than this: all of it is over. */
const OVER_FOR_MS = 4 * HOUR_MS

export function planPast(asked: PlanFor, dice: Dice): PastPlan {
  const { now, days } = asked
  const plan: PastPlan = { alarms: [], calls: [] }
  for (let day = 0; day < days; day++) {
    const from = now - (days - day) * DAY_MS
    const until = Math.min(from + DAY_MS, now - OVER_FOR_MS)
    const at = () => Math.round(from + wakingHour(dice) * (until - from))
    // Whoever was in one alarm that day is spared a second one: it would join the first.
    const elders = eldersOf(asked.elders, dice)
    const next = () => elders.pop() ?? 0
    for (let i = dice.whole(5, 9); i > 0; i--)
      plan.alarms.push(emergency({ at: at(), elder: next() }, asked, dice))
    for (let i = dice.whole(2, 5); i > 0; i--)
      plan.alarms.push(alarmOf(SERVICE, { at: at(), elder: next() }, asked, dice))
    for (let i = dice.whole(2, 4); i > 0; i--)
      plan.alarms.push(flatBattery({ at: at(), elder: next() }, dice))
    for (let i = dice.whole(6, 11); i > 0; i--)
      plan.calls.push(callOf({ at: at(), elder: next() }, asked, dice))
  }
  addFlood(plan, asked, dice)
  return plan
}

/** Twelve alarms in some minutes, two days ago: a storm. */
function addFlood(plan: PastPlan, asked: PlanFor, dice: Dice): void {
  const from = asked.now - 2 * DAY_MS - 5 * HOUR_MS
  const elders = eldersOf(asked.elders, dice)
  for (let i = 0; i < 12; i++)
    plan.alarms.push(emergency({ at: from + i * 35_000, elder: elders.pop() ?? i }, asked, dice))
}

type When = { at: number; elder: number }

function emergency(when: When, asked: PlanFor, dice: Dice): PastAlarm {
  const happening = dice.weigh(EMERGENCIES.map(one => [one, one.weight] as const))
  return alarmOf(happening, when, asked, dice)
}

function alarmOf(happening: Happening, when: When, asked: PlanFor, dice: Dice): PastAlarm {
  const { kind, severity, evidence, dispositions, sentShare } = happening
  const between = ({ min, max }: { min: number; max: number }) => Math.round(dice.between(min, max))
  const answeredMs = between(dice.weigh(ANSWERED_MS))
  const calledMs = answeredMs + between({ min: 15_000, max: 50_000 })
  const disposition = dice.weigh(dispositions)
  const isSent = dice.hits(sentShare) || disposition === 'brought_home'
  const askedMs = calledMs + between({ min: 20_000, max: 90_000 })
  const onTheWayMs = askedMs + between({ min: MINUTE_MS, max: 3 * MINUTE_MS })
  const arrivedMs = onTheWayMs + between({ min: 6 * MINUTE_MS, max: 34 * MINUTE_MS })
  const since = isSent ? arrivedMs : calledMs
  return {
    ...when,
    kind,
    severity,
    evidence: evidence(dice),
    times: kind === 'sos' && dice.hits(0.1) ? dice.whole(3, 5) : 1,
    work: {
      operator: dice.whole(0, asked.operators - 1),
      answeredMs,
      calledMs,
      ...(isSent && {
        sent: { responder: dice.whole(0, asked.responders - 1), askedMs, onTheWayMs, arrivedMs },
      }),
      resolvedMs: since + between({ min: 3 * MINUTE_MS, max: 20 * MINUTE_MS }),
      disposition,
      ...(dice.hits(0.8) && {
        closed: { afterMs: between({ min: HOUR_MS, max: 3 * HOUR_MS }), mark: dice.hits(0.7) ? 5 : 4 },
      }),
    },
  }
}

const flatBattery = (when: When, dice: Dice): PastAlarm => ({
  ...when,
  kind: 'low_battery',
  severity: 'notice',
  evidence: { batteryPercent: dice.whole(8, 20), limitPercent: 20 },
  times: 1,
  endsAfterMs: Math.round(dice.between(HOUR_MS / 2, 3 * HOUR_MS)),
})

function callOf(when: When, asked: PlanFor, dice: Dice): PastCall {
  const operator = dice.whole(0, asked.operators - 1)
  if (dice.hits(0.04)) return { ...when, operator, endedMs: Math.round(dice.between(25_000, 50_000)) }
  const answeredMs = Math.round(dice.between(2_000, 12_000))
  return { ...when, operator, answeredMs, endedMs: answeredMs + Math.round(dice.between(40_000, 400_000)) }
}

/** 0 to 1 of a day: more towards its middle. */
const wakingHour = (dice: Dice): number => (dice.unit() + dice.unit() + dice.unit()) / 3

const eldersOf = (count: number, dice: Dice): number[] =>
  shuffle(
    Array.from({ length: count }, (_, i) => i),
    dice,
  )
