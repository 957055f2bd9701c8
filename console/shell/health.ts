// One trouble of the hub in the words of whoever sits here (pure): which part, what that means for alarms, and why where
// that is known. The hub's own sentence stands for a part that has no words here.

import type { HealthProblem } from '../../model/feed.ts'
import type { Words } from './words.zh.ts'

/** `isHubs`: the meaning is the hub's own sentence. */
export type SaidHealth = { part: string; meaning: string; isHubs: boolean }

export function sayHealth({ name, reason, detail }: HealthProblem, { health }: Words): SaidHealth {
  const parts: Readonly<Record<string, { part: string; means: string } | undefined>> = health.parts
  const known = Object.hasOwn(parts, name) ? parts[name] : undefined
  if (known === undefined) return { part: name, meaning: detail, isHubs: true }
  const why = reason === undefined ? '' : health.reasons[reason]
  return { part: known.part, meaning: `${known.means}${why}`, isHubs: false }
}
