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
  const known = FIELD_REASONS.find(name => name === reason)
  const text = known && words.wrong[known]
  return text === undefined ? { text: words.fieldWrong, hubSaid: message } : { text }
}

/** The whole of a refusal; `about`: what belongs to no field that is shown. */
export function sayProblem(problem: Problem, shared: Words, about = problem.errors ?? []): Said {
  const text = refusal(problem, shared)
  // What the browser says of a network that is away helps nobody.
  if (problem.code === 'UNREACHABLE') return { text }
  const named = about.map(({ path, message }) => `${path.replace(/^body\./, '')}: ${message}`)
  const hubSaid = named.length > 0 ? named.join('; ') : problem.detail
  return hubSaid === undefined || hubSaid === text ? { text } : { text, hubSaid }
}
