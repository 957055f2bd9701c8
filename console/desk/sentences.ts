// Findings and timeline entries as sentences. Pure; the words come from the dictionary, and whatever a rule
// of a later version says is still shown, as "key: value".

import { duration, number } from '../../model/amounts.ts'
import { type Facts, isFacts } from '../../model/evidence.ts'
import { explain } from '../../model/explain.ts'
import type { FindingKind } from '../../model/finding.ts'
import type { Disposition, TimelineEntry } from '../../model/incident.ts'
import { LATE_FROM_MS, timeOfDay } from '../shell/amounts.ts'
import type { Words } from './words.zh.ts'

/** Who is told by a step of the escalation. */
export type Audience = 'console' | 'supervisor' | 'operators' | 'everyone'

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
  /** Whose device it is, where the alarm is about a whole area. */
  member?: string
}

/** Reads the finding out of a timeline entry, whether it is the detail itself or a field of it. */
export function findingOf(entry: Pick<TimelineEntry, 'detail'>): Told | undefined {
  const holder = isFacts(entry.detail.finding) ? entry.detail.finding : entry.detail
  if (typeof holder.kind !== 'string') return undefined
  const evidence = isFacts(holder.evidence) ? holder.evidence : {}
  const { count, at, lateMs, alsoWornBy, member } = holder
  return {
    kind: holder.kind as FindingKind,
    evidence,
    ...(typeof count === 'number' && { count }),
    ...(typeof at === 'number' && { at }),
    ...(typeof lateMs === 'number' && { lateMs }),
    ...(isFacts(alsoWornBy) && typeof alsoWornBy.name === 'string' && { alsoWornBy: alsoWornBy.name }),
    ...(isFacts(member) && typeof member.name === 'string' && { member: member.name }),
  }
}

/** Why an alarm was raised, in one or two sentences. */
export const whyRaised = (told: Told, words: Words): string =>
  explain(told, words.explain) ?? asPairs(told.kind, told.evidence, words)

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
  const where = words.position(lat.toFixed(5), lon.toFixed(5))
  return typeof accuracyM === 'number' ? `${where} · ${words.accuracy(number(Math.round(accuracyM)))}` : where
}

/** What is odd about the time of a finding: it came late, or the device's clock is wrong. */
export function timeRemark({ at, lateMs, evidence }: Told, now: number, words: Words): string | undefined {
  if (evidence.clockFault !== undefined) return words.sentence.clockFault
  if (at === undefined || lateMs === undefined || lateMs <= LATE_FROM_MS) return undefined
  return words.sentence.late(timeOfDay(at, now, words), duration(lateMs, words.explain.amounts))
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
      return { text: told ? ofMember(told, words) : asPairs('finding', detail, words) }
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
    case 'dispatched':
      return withQuote(sentText(detail, words), detail.text)
    case 'ticked':
    case 'unticked':
      return withQuote(say[entry.kind], detail.step)
    case 'handed_over':
      return withQuote(handedOverText(detail, words), detail.text)
    case 'called':
      return withQuote(
        detail.direction === undefined ? calledText(detail, words) : telephoneText(detail, words),
        detail.text,
      )
    case 'told':
    case 'untold':
    case 'told_again':
      return { text: messageText(entry, words) }
    case 'contact_going':
      return { text: say.contact_going(String(detail.name)) }
    case 'tracked':
      return { text: trackedText(entry, words) }
    case 'untracked':
      return { text: say.untracked(String(detail.deviceId), lasting(detail.everyMs, words)) }
    case 'accepted':
      return { text: detail.again === true ? say.acceptedAgain : say.accepted }
    default: {
      const text: unknown = (say as Partial<Record<string, unknown>>)[entry.kind]
      return withQuote(typeof text === 'string' ? text : entry.kind, detail.text)
    }
  }
}

/** A finding in the timeline: of many in an area it is said whose it is. */
function ofMember(told: Told, words: Words): string {
  const why = whyRaised(told, words)
  return told.member === undefined ? why : told.member + words.sentence.pair + why
}

function withQuote(text: string, quote: unknown): Line {
  return typeof quote === 'string' && quote !== '' ? { text, quote } : { text }
}

/** That a condition is over, and where its numbers are now, if they are known. */
function endedText(detail: Facts, words: Words): string {
  const told = findingOf({ detail: { ...detail } })
  if (told === undefined) return words.entry.endedAll
  return explain({ ...told, ended: true }, words.explain) || words.entry.ended(kindName(told.kind, words))
}

/** Step 0 is the alarm itself being told; what follows is escalation. */
function escalatedText({ step, audience }: Facts, words: Words): string {
  const told = Array.isArray(audience) ? audience : audience === undefined ? [] : [audience]
  const names = told.map(name => (words.audience as Partial<Record<string, string>>)[name] ?? String(name))
  const whom = names.join(words.audienceJoin) || '—'
  return typeof step === 'number' && step > 0 ? words.entry.escalated(step, whom) : words.entry.told(whom)
}

function sentText({ responder }: Facts, words: Words): string {
  const isNamed = isFacts(responder) && typeof responder.name === 'string'
  return isNamed ? words.entry.sent(responder.name as string) : words.entry.dispatched
}

function handedOverText({ service, reference }: Facts, words: Words): string {
  return words.entry.handed_over(String(service), typeof reference === 'string' ? reference : undefined)
}

function calledText({ whom, outcome }: Facts, words: Words): string {
  const named = (names: Partial<Record<string, string>>, name: unknown) =>
    names[String(name)] ?? String(name ?? '—')
  return words.entry.called(named(words.called, whom), named(words.callOutcome, outcome))
}

/** What is said of a call; `seconds` once it is known how long they spoke. */
export type TelephoneLine = {
  isIn: boolean
  whom: string
  state: string
  seconds: number | undefined
  isRecorded: boolean
}

/** A call that the telephone switch reported. */
function telephoneText({ direction, whom, name, state, durationMs, recording }: Facts, words: Words): string {
  const people: Partial<Record<string, string>> = words.called
  const states: Partial<Record<string, string>> = words.callState
  return words.entry.telephone({
    isIn: direction === 'in',
    whom: typeof name === 'string' ? name : (people[String(whom)] ?? String(whom ?? '—')),
    state: states[String(state)] ?? String(state),
    seconds: typeof durationMs === 'number' ? Math.round(durationMs / 1_000) : undefined,
    isRecorded: recording !== undefined,
  })
}

/** A message to somebody outside of the desk, and what became of it. */
function messageText({ kind, detail }: TimelineEntry, words: Words): string {
  const { recipient, channel, reason } = detail
  const channels: Partial<Record<string, string>> = words.channel
  const reasons: Partial<Record<string, string>> = words.untoldBecause
  const by = channels[String(channel)] ?? String(channel ?? '')
  const isPerson = isFacts(recipient) && recipient.type !== 'channel' && typeof recipient.name === 'string'
  const whom = isPerson ? (recipient.name as string) : by
  if (kind === 'told') return words.entry.message(whom, isPerson ? by : undefined)
  if (kind === 'told_again') return words.entry.messageAgain(whom)
  return words.entry.messageFailed(whom, reasons[String(reason)] ?? String(reason ?? '—'))
}

/** A band is asked where it is: how often, and for how long it is tried. */
function trackedText({ at, detail }: TimelineEntry, words: Words): string {
  const { deviceId, everyMs, until } = detail
  const atMost = lasting(typeof until === 'number' ? until - at : undefined, words) ?? '—'
  return words.entry.tracked(String(deviceId), lasting(everyMs, words), atMost)
}

const lasting = (ms: unknown, words: Words): string | undefined =>
  typeof ms === 'number' ? duration(ms, words.explain.amounts) : undefined

export function dispositionName(disposition: unknown, words: Words): string {
  return words.disposition[disposition as Disposition] ?? plain(disposition ?? '—')
}

function plain(value: unknown): string {
  if (typeof value === 'number') return number(value)
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '—')
}
