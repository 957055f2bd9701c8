// What the evidence of a finding means: which sentence tells it, and the facts of that sentence, under names that do
// not hang on a unit. Rules write evidence (docs/rules.md); what is not as they write it is passed over.

import type { Explained } from './explain.ts'
import { FINDING_KINDS, type FindingKind } from './finding.ts'
import type { VitalName } from './telemetry.ts'

export type Facts = Readonly<Record<string, unknown>>

export const isFacts = (value: unknown): value is Facts =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Kinds that are found in several ways have a sentence for each of these. */
type Way = 'sos_called' | 'fall_burst' | 'fall_stillness' | 'vitals_score' | 'vitals_baseline'

/** What ends by itself. */
type Ending =
  | 'fall_burst'
  | 'vitals'
  | 'vitals_score'
  | 'vitals_baseline'
  | 'silent'
  | 'area_outage'
  | 'missed_check_in'
  | Technical
type Technical = 'removed' | 'low_battery' | 'power_off'

export type SentenceName = FindingKind | Way | `${Ending}_ended`

const ENDS: Readonly<Record<Ending, `${Ending}_ended`>> = {
  fall_burst: 'fall_burst_ended',
  vitals: 'vitals_ended',
  vitals_score: 'vitals_score_ended',
  vitals_baseline: 'vitals_baseline_ended',
  silent: 'silent_ended',
  area_outage: 'area_outage_ended',
  missed_check_in: 'missed_check_in_ended',
  removed: 'removed_ended',
  low_battery: 'low_battery_ended',
  power_off: 'power_off_ended',
}

type Told = { sentence: SentenceName; facts: Facts }

/** What a finding says, and in which sentence; undefined for a kind, or an end, that this version does not know. */
export function read({ kind, evidence, count = 1, ended = false }: Explained): Told | undefined {
  if (!FINDING_KINDS.includes(kind)) return undefined
  const { sentence, facts } = (READERS[kind] ?? asWritten)(isFacts(evidence) ? evidence : {}, kind)
  const told = ended ? endOf(sentence) : sentence
  return told && { sentence: told, facts: { ...facts, count, isRepeated: count > 1 } }
}

const endOf = (sentence: SentenceName): SentenceName | undefined =>
  Object.hasOwn(ENDS, sentence) ? ENDS[sentence as Ending] : undefined

const asWritten: Reader = (facts, sentence) => ({ sentence, facts })

type Reader = (evidence: Facts, kind: FindingKind) => Told

const READERS: Partial<Record<FindingKind, Reader>> = {
  /** Somebody called, and an operator heard what it is about (docs/telephone.md). */
  sos: (facts, kind) => ({ sentence: facts.source === 'operator' ? 'sos_called' : kind, facts }),
  fall: readFall,
  vitals: readVitals,
  custom: ({ text: report }) => ({ sentence: 'custom', facts: { report } }),
}

/** A device says that its wearer fell; the hub sees it in a burst, or that nobody gets up. */
function readFall(facts: Facts): Told {
  if (facts.source === 'burst') return { sentence: 'fall_burst', facts }
  return { sentence: facts.source === 'stillness' ? 'fall_stillness' : 'fall', facts }
}

/** The end of a key by the unit of its vital sign: `hrBpm`, `limitBpm`, `firstBpm`. */
const UNIT_ENDINGS: Readonly<Record<VitalName, string>> = {
  hr: 'Bpm',
  spo2: 'Percent',
  sbp: 'MmHg',
  dbp: 'MmHg',
  temp: 'C',
  rr: 'PerMin',
}

function readVitals(evidence: Facts): Told {
  if (evidence.basis === 'score') return { sentence: 'vitals_score', facts: readScore(evidence) }
  const sentence = evidence.basis === 'baseline' ? 'vitals_baseline' : 'vitals'
  return { sentence, facts: readReading(evidence) }
}

/** Only what has points has made the score. */
function readScore(evidence: Facts): Facts {
  const parameters: readonly unknown[] = Array.isArray(evidence.parameters) ? evidence.parameters : []
  const scored = parameters
    .filter(isFacts)
    .filter(({ points }) => typeof points === 'number' && points > 0)
    .map(parameter => ({ ...parameter, unit: parameter.metric }))
  return { ...evidence, scored }
}

/** Amounts in the unit of their vital sign; one that this version does not know has its numbers without. */
function readReading(evidence: Facts): Facts {
  const { metric } = evidence
  if (typeof metric !== 'string') return {}
  const unit = Object.hasOwn(UNIT_ENDINGS, metric) ? metric : undefined
  const ending = unit === undefined ? '' : UNIT_ENDINGS[unit as VitalName]
  const measured = (name: string): unknown => evidence[name + ending] ?? evidence[name]
  const value = evidence[metric + ending] ?? evidence.value
  const limit = measured('limit')
  const [first, level, spread] = ['first', 'level', 'spread'].map(measured)
  return { ...evidence, unit, value, limit, first, level, spread, atLimit: value === limit }
}
