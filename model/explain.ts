// Why a finding was raised, as a sentence for a person: the numbers of its evidence in the words of a language. The
// words are tables (explain.zh.ts, explain.en.ts); what the numbers mean is read in evidence.ts.
//
//   sentence := clause, one after the other
//   clause   := template, or a list of templates of which the first that can be filled is taken
//   template := text with {fact}, {fact:format} and {fact=value}
//
//   {fact}          a number with up to two decimals, or a text
//   {fact:format}   an amount by FORMATS, what the words call it by one of their lists of names, or a list by its parts
//   {fact=value}    stands for nothing and asks that the fact is this value
//
// A template with a fact that is missing or makes no sense is left out whole: the sentence says less, never nonsense.

import { type AmountWords, distance, duration, number } from './amounts.ts'
import { type Facts, isFacts, read, type SentenceName } from './evidence.ts'
import type { FindingKind } from './finding.ts'
import type { Unreadable } from './parse.ts'
import type { Location, VitalName } from './telemetry.ts'

export type Clause = string | readonly string[]
export type Sentence = readonly Clause[]

/** All that explaining needs of a language. */
export type ExplainWords = {
  amounts: AmountWords
  names: {
    vital: Record<VitalName, string>
    unit: Record<VitalName, string>
    unreadable: Record<Unreadable | 'not_digested', string>
    missing: Record<JudgedName | 'consciousness' | 'oxygen', string>
    source: Record<NonNullable<Location['src']> | 'unknown', string>
  }
  /** Between the parts of a list. */
  listGap: string
  /** One part of a list, by the format that the list is written with. */
  parts: { scored: Sentence }
  sentences: Record<SentenceName, Sentence>
  /** What every sentence may end with: what the wearer wrote, how many findings it stands for. */
  afterwards: Sentence
}

type JudgedName = Exclude<VitalName, 'dbp'>

/** The part of a finding that is explained; a finding has it, and so has a timeline entry. */
export type Explained = {
  kind: FindingKind
  evidence: Facts
  /** How many it stands for. */
  count?: number | undefined
  /** The condition has ended. */
  ended?: boolean | undefined
}

/**
 * The sentence that a person reads. Never throws, whatever the evidence; a kind that this version does not know gives
 * undefined.
 */
export function explain(finding: Explained, words: ExplainWords): string | undefined {
  const understood = read(finding)
  if (understood === undefined) return undefined
  const { sentence, facts } = understood
  return fillAll([...words.sentences[sentence], ...words.afterwards], facts, words)
}

const fillAll = (sentence: Sentence, facts: Facts, words: ExplainWords): string =>
  sentence.map(clause => fillFirst(typeof clause === 'string' ? [clause] : clause, facts, words)).join('')

/** The first template that can be filled; nothing when none can. */
function fillFirst(templates: readonly string[], facts: Facts, words: ExplainWords): string {
  for (const template of templates) {
    const text = fill(template, facts, words)
    if (text !== undefined) return text
  }
  return ''
}

/** Text in braces: a fact, and behind it how to write it or what to ask of it. */
export const PLACE = /\{(\w+)(?:([:=])(\w+))?\}/g

function fill(template: string, facts: Facts, words: ExplainWords): string | undefined {
  let isWhole = true
  const text = template.replaceAll(PLACE, (_, name: string, mark?: string, how?: string) => {
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined
    const said = mark === '=' ? asked(fact, how) : written(fact, how, words)
    if (said === undefined) isWhole = false
    return said ?? ''
  })
  return isWhole ? text : undefined
}

const asked = (fact: unknown, value: string | undefined): string | undefined =>
  (typeof fact === 'string' || typeof fact === 'boolean') && String(fact) === value ? '' : undefined

type Format = (amount: number, words: AmountWords) => string | undefined

/** Amounts that make no sense as they are asked for, such as a negative duration, are not written. */
export const FORMATS: Readonly<Record<string, Format>> = {
  duration: (ms, words) => (ms >= 0 ? duration(ms, words) : undefined),
  distance: (metres, words) => (metres >= 0 ? distance(metres, words) : undefined),
  whole: value => String(Math.round(value)),
  percent: share => (share >= 0 && share <= 1 ? `${Math.round(share * 100)}%` : undefined),
}

function written(fact: unknown, how: string | undefined, words: ExplainWords): string | undefined {
  if (Array.isArray(fact)) return writtenList(fact, how, words)
  if (typeof fact === 'string') return fact.trim() === '' ? undefined : nameOf(fact, how, words)
  if (typeof fact !== 'number' || !(Math.abs(fact) <= Number.MAX_SAFE_INTEGER)) return undefined
  if (how === undefined) return number(fact)
  return Object.hasOwn(FORMATS, how) ? FORMATS[how]?.(fact, words.amounts) : undefined
}

/** A list is written when every part of it can be, and it has any. */
function writtenList(
  list: readonly unknown[],
  how: string | undefined,
  words: ExplainWords,
): string | undefined {
  const parts = list.map(part => writtenPart(part, how, words))
  return parts.length === 0 || parts.includes(undefined) ? undefined : parts.join(words.listGap)
}

function writtenPart(part: unknown, how: string | undefined, words: ExplainWords): string | undefined {
  if (Array.isArray(part)) return undefined
  if (!isFacts(part)) return written(part, how, words)
  const { parts } = words
  if (how === undefined || !Object.hasOwn(parts, how)) return undefined
  return fillAll(parts[how as keyof typeof parts], part, words) || undefined
}

/** What the words call it; a code of a later version is shown as it is. A text is no amount. */
function nameOf(code: string, how: string | undefined, { names }: ExplainWords): string | undefined {
  if (how === undefined) return code
  if (!Object.hasOwn(names, how)) return undefined
  const known: Partial<Record<string, string>> = names[how as keyof typeof names]
  return Object.hasOwn(known, code) ? known[code] : code
}
