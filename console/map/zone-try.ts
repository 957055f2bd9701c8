// The thirty days before a zone is stored: what it would have raised, asked of the hub, for exactly what is drawn.

import { isFacts } from '../../model/evidence.ts'
import type { Finding } from '../../model/finding.ts'
import { SHAPE_REFUSALS, type ShapeRefusal } from '../../model/shape-refusal.ts'
import type { Position } from '../../model/zone.ts'
import type { Problem } from '../shell/http.ts'
import type { Crossing } from './scene.ts'

/** What the hub answers (`POST /zones/dry-run`). */
export type Tried = {
  from: number
  to: number
  /** Positions that were looked at. */
  fixes: number
  raised: number
  /** The first of them. */
  findings: Pick<Finding, 'kind' | 'severity' | 'deviceId' | 'at' | 'lateMs' | 'evidence'>[]
}

/** `of` is the draft that it is about: another one has to be tried anew. */
export type Trial =
  | { status: 'not' }
  | { status: 'trying'; of: string }
  | { status: 'tried'; of: string; tried: Tried }
  /** This hub keeps no positions: nothing can be tried, and the zone may be stored all the same. */
  | { status: 'untriable'; of: string }
  | { status: 'refused'; of: string; problem: Problem }

/** Whether it may be stored: somebody has seen what it does, or nobody can. */
export const maySave = (trial: Trial, of: string): boolean =>
  (trial.status === 'tried' || trial.status === 'untriable') && trial.of === of

export const trialOf = (
  of: string,
  answer: { ok: true; value: Tried } | { ok: false; problem: Problem },
): Trial => {
  if (answer.ok) return { status: 'tried', of, tried: answer.value }
  return answer.problem.code === 'CONFLICT'
    ? { status: 'untriable', of }
    : { status: 'refused', of, problem: answer.problem }
}

/** Where what would have been raised happened, as far as findings say it. */
export function crossingsOf(tried: Tried, label: (at: number) => string): Crossing[] {
  return tried.findings.flatMap(({ at, evidence }, i) => {
    const place = placeIn(evidence)
    return place ? [{ id: `${i}`, place, label: label(at) }] : []
  })
}

function placeIn({ position }: Finding['evidence']): Position | undefined {
  if (!isFacts(position)) return undefined
  const { lon, lat } = position
  return typeof lon === 'number' && typeof lat === 'number' ? [lon, lat] : undefined
}

/** The hub's name for what is wrong with a shape, where it is that. */
export function refusalOf({ errors = [] }: Problem): ShapeRefusal | undefined {
  const names = errors.map(({ reason }) => reason)
  return SHAPE_REFUSALS.find(name => names.includes(name))
}
