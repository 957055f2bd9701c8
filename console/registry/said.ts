// What the hub refuses, in the words of whoever sits here (pure): by its code, and by the reason where it has a name.
// The hub's own sentence is English; it goes beneath, small, for what has no words yet.

import { FIELD_REASONS } from '../../model/field-reason.ts'
import type { Problem } from '../shell/http.ts'
import { refusal } from '../shell/refusals.ts'
import type { Words } from '../shell/words.zh.ts'
import type { FieldError } from './answers.ts'
import type { RegistryWords } from './words.zh.ts'

export type Said = { text: string; hubSaid?: string }

/** What is wrong with one field. */
export function sayFieldError({ message, reason }: FieldError, words: RegistryWords): Said {
  const text = wordsFor(reason, words)
  return text === undefined ? { text: words.fieldWrong, hubSaid: message } : { text }
}

function wordsFor(reason: string | undefined, { wrong }: RegistryWords): string | undefined {
  const known = FIELD_REASONS.find(name => name === reason)
  return known && wrong[known]
}

type Saying = {
  shared: Words
  words: RegistryWords
  /** What belongs to no field that is shown; else all of it. */
  about?: readonly FieldError[]
}

/** The whole of a refusal, and why, as far as that has words. */
export function sayProblem(problem: Problem, { shared, words, about = problem.errors ?? [] }: Saying): Said {
  const why = new Set(about.flatMap(({ reason }) => wordsFor(reason, words) ?? []))
  const text = [refusal(problem, shared), ...why].join(' ')
  // What the browser says of a network that is away helps nobody.
  if (problem.code === 'UNREACHABLE') return { text }
  const named = about.map(({ path, message }) => `${path.replace(/^body\./, '')}: ${message}`)
  const hubSaid = named.length > 0 ? named.join('; ') : problem.detail
  return hubSaid === undefined || hubSaid === text ? { text } : { text, hubSaid }
}
