// One line of `falls:score`: a burst in, what the live detector says of it out.

import { parseJson, parseMotion } from '../../model/parse.ts'
import { detectFall } from './detector.ts'

/** `id` as the burst has it; null when it has none. `error` names why a burst could not be judged. */
export type ScoredLine = { id: unknown; fall: boolean; score: number; error?: string }

/** Judges the burst of a line. Whatever stands in it, there is an answer. */
export function scoreLine(line: string): ScoredLine {
  const id = idIn(line)
  const parsed = parseMotion(line)
  if ('unreadable' in parsed) return { id, fall: false, score: 0, error: parsed.unreadable }
  const verdict = detectFall(parsed.value)
  if ('unusable' in verdict) return { id, fall: false, score: 0, error: verdict.unusable }
  return { id, fall: verdict.fall, score: verdict.score }
}

/** The id as it stands there, whether or not it is one that the hub would take: answers are told apart by it. */
function idIn(line: string): unknown {
  const json = parseJson(line)
  return typeof json === 'object' && json !== null && 'id' in json ? json.id : null
}
