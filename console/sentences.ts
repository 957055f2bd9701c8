// Findings and timeline entries as sentences. Pure; the words come from the dictionary, and whatever a rule
// of a later version says is still shown, as "key: value".

import type { FindingKind } from '../model/finding.ts'
import type { Disposition, TimelineEntry } from '../model/incident.ts'
import { distance, duration, LATE_FROM_MS, number, timeOfDay } from './amounts.ts'
import type { Words } from './words/zh.ts'

/** Who is told by a step of the escalation. */
export type Audience = 'console' | 'supervisor' | 'operators' | 'everyone'

export type Facts = Readonly<Record<string, unknown>>

/** The part of a finding that sentences are made of. */
export type Told = {
  kind: FindingKind
  evidence: Facts
  /** How many presses it stands for, when a device floods. */
  count?: number
  /** When it happened, by the device, and how late that reached the hub. */
  at?: number
  lateMs?: number
  /** Who wore the device when it happened, where that is not the one whom the alarm is about. */
  alsoWornBy?: string
}

/** Reads the finding out of a timeline entry, whether it is the detail itself or a field of it. */
export function findingOf(entry: Pick<TimelineEntry, 'detail'>): Told | undefined {
  const holder = isFacts(entry.detail.finding) ? entry.detail.finding : entry.detail
  if (typeof holder.kind !== 'string') return undefined
  const evidence = isFacts(holder.evidence) ? holder.evidence : {}
  const { count, at, lateMs, alsoWornBy } = holder
  return {
    kind: holder.kind as FindingKind,
    evidence,
    ...(typeof count === 'number' && { count }),
    ...(typeof at === 'number' && { at }),
    ...(typeof lateMs === 'number' && { lateMs }),
    ...(isFacts(alsoWornBy) && typeof alsoWornBy.name === 'string' && { alsoWornBy: alsoWornBy.name }),
  }
}

/** Why an alarm was raised, in one or two sentences. */
export function whyRaised({ kind, evidence, count }: Told, words: Words): string {
  const parts = [SENTENCES[kind]?.(evidence, words) ?? asPairs(kind, evidence, words)]
  const { text } = evidence
  if (kind !== 'custom' && typeof text === 'string' && text !== '') parts.push(words.sentence.said(text))
  if (count !== undefined && count > 1) parts.push(words.sentence.times(count))
  return parts.join(words.sentence.gap)
}

type Sentence = (evidence: Facts, words: Words) => string | undefined

/** Undefined where the evidence is not what is expected: then it is shown as it is. */
const SENTENCES: Partial<Record<string, Sentence>> & Record<FindingKind, Sentence> = {
  sos: (_, words) => words.sentence.sos,
  fall: (_, words) => words.sentence.fall,
  service: (_, words) => words.sentence.service,
  removed: (_, words) => words.sentence.removed,
  cancel: (_, words) => words.sentence.cancel,
  power_off: (_, words) => words.sentence.powerOff,
  low_battery(evidence, words) {
    const percent = measure(evidence, 'battery')
    return percent === undefined
      ? words.sentence.lowBatteryPlain
      : words.sentence.lowBattery(Math.round(percent))
  },
  custom: ({ text }, words) =>
    typeof text === 'string' && text !== '' ? words.sentence.custom(text) : undefined,
  vitals: vitalsSentence,
  zone_exit: zoneSentence,
  unreadable_event: unreadableSentence,
}

/** The number under `name`, or under `name` with its unit: `limit`, `limitBpm`. */
function measure(evidence: Facts, name: string): number | undefined {
  for (const [key, value] of Object.entries(evidence)) {
    if (
      typeof value === 'number' &&
      (key === name || (UNIT_OF.test(key.slice(name.length)) && key.startsWith(name)))
    ) {
      return value
    }
  }
  return undefined
}

/** A unit is a word of its own at the end of a name. */
const UNIT_OF = /^[A-Z][A-Za-z]*$/

function vitalsSentence(evidence: Facts, words: Words): string | undefined {
  const { metric, side } = evidence
  if (typeof metric !== 'string') return undefined
  const value = measure(evidence, metric) ?? measure(evidence, 'value')
  if (value === undefined) return undefined
  const names: Partial<Record<string, { name: string; unit: string }>> = words.vital
  const { name, unit } = names[metric] ?? { name: metric, unit: '' }
  const head = words.sentence.vitals(name, number(value), unit).trimEnd()
  const limit = measure(evidence, 'limit')
  if (limit === undefined) return head + words.sentence.end
  const isAbove = side === undefined ? value >= limit : side === 'above'
  const against = isAbove ? words.sentence.above : words.sentence.below
  return head + against(number(limit), unit).trimEnd() + words.sentence.end
}

function zoneSentence(evidence: Facts, words: Words): string {
  const { zoneName, zone = zoneName, distanceM, accuracyM } = evidence
  const named = typeof zone === 'string' && zone !== ''
  let sentence = named ? words.sentence.zoneExit(zone) : words.sentence.zoneExitPlain
  if (typeof distanceM === 'number') sentence += words.sentence.outsideBy(distance(distanceM, words))
  if (typeof accuracyM === 'number') sentence += words.sentence.within(distance(accuracyM, words))
  return sentence + words.sentence.end
}

function unreadableSentence({ reason, raw }: Facts, words: Words): string {
  const known = (words.unreadable as Partial<Record<string, string>>)[String(reason)]
  const sentence = words.sentence.unreadable(known ?? (reason === undefined ? '?' : String(reason)))
  return typeof raw === 'string' && raw !== ''
    ? sentence + words.sentence.gap + words.sentence.raw(raw)
    : sentence
}

function asPairs(kind: string, evidence: Facts, words: Words): string {
  const name = kindName(kind, words)
  const pairs = Object.entries(evidence).map(([key, value]) => `${key}${words.sentence.pair}${plain(value)}`)
  if (pairs.length === 0) return name + words.sentence.end
  return `${name}${words.sentence.pair}${pairs.join(words.sentence.pairJoin)}${words.sentence.end}`
}

/** The name of a kind; a kind of a later version is shown as it is written. */
export const kindName = (kind: string, words: Words): string =>
  (words.kind as Partial<Record<string, string>>)[kind] ?? kind

/** Where it happened, from evidence that carries a position. */
export function placeOf(evidence: Facts, words: Words): string | undefined {
  if (!isFacts(evidence.position)) return undefined
  const { lat, lon, accuracyM } = evidence.position
  if (typeof lat !== 'number' || typeof lon !== 'number') return undefined
  const where = words.place(lat.toFixed(5), lon.toFixed(5))
  return typeof accuracyM === 'number' ? `${where} · ${words.accuracy(number(Math.round(accuracyM)))}` : where
}

/** What is odd about the time of a finding: it came late, or the device's clock is wrong. */
export function timeRemark({ at, lateMs, evidence }: Told, now: number, words: Words): string | undefined {
  if (evidence.clockFault !== undefined) return words.sentence.clockFault
  if (at === undefined || lateMs === undefined || lateMs <= LATE_FROM_MS) return undefined
  return words.sentence.late(timeOfDay(at, now, words), duration(lateMs, words))
}

/** Who else may have called: the device changed hands, and its clock says that it was before. */
export const wearerRemark = ({ alsoWornBy }: Told, words: Words): string | undefined =>
  alsoWornBy === undefined ? undefined : words.sentence.alsoWornBy(alsoWornBy)

/** One timeline entry: what happened, and what was written or said, if anything. */
export type Line = { text: string; quote?: string }

export function lineOf(entry: TimelineEntry, words: Words): Line {
  const { entry: say } = words
  const { detail } = entry
  switch (entry.kind) {
    case 'finding': {
      const told = findingOf(entry)
      return { text: told ? whyRaised(told, words) : asPairs('finding', detail, words) }
    }
    case 'ended':
      return { text: endedText(detail, words) }
    case 'noted':
      return withQuote(say.noted, detail.text)
    case 'resolved':
      return withQuote(say.resolved(dispositionName(detail.disposition, words)), detail.text)
    case 'closed':
      return withQuote(entry.by === undefined ? say.closedByItself : say.closed, detail.text)
    case 'escalated':
      return { text: escalatedText(detail, words) }
    case 'accepted':
      return { text: detail.again === true ? say.acceptedAgain : say.accepted }
    default: {
      const text: unknown = (say as Partial<Record<string, unknown>>)[entry.kind]
      return withQuote(typeof text === 'string' ? text : entry.kind, detail.text)
    }
  }
}

function withQuote(text: string, quote: unknown): Line {
  return typeof quote === 'string' && quote !== '' ? { text, quote } : { text }
}

function endedText(detail: Facts, words: Words): string {
  const kind = findingOf({ detail: { ...detail } })?.kind
  return kind === undefined ? words.entry.endedAll : words.entry.ended(kindName(kind, words))
}

/** Step 0 is the alarm itself being told; what follows is escalation. */
function escalatedText({ step, audience }: Facts, words: Words): string {
  const told = Array.isArray(audience) ? audience : audience === undefined ? [] : [audience]
  const names = told.map(name => (words.audience as Partial<Record<string, string>>)[name] ?? String(name))
  const whom = names.join(words.audienceJoin) || '—'
  return typeof step === 'number' && step > 0 ? words.entry.escalated(step, whom) : words.entry.told(whom)
}

export function dispositionName(disposition: unknown, words: Words): string {
  return words.disposition[disposition as Disposition] ?? plain(disposition ?? '—')
}

function plain(value: unknown): string {
  if (typeof value === 'number') return number(value)
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '—')
}

function isFacts(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
