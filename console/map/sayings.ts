// What a map shows, as sentences: for whoever cannot see it, and for a telephone call.

import { type AmountWords, distance, duration } from '../../model/amounts.ts'
import type { Fix } from '../../model/history.ts'
import { standingOf } from './ages.ts'
import { type Nearby, nearby } from './nearby.ts'
import type { Fence } from './scene.ts'
import { placeOf } from './track.ts'
import type { Words } from './words.zh.ts'

type Said = { words: Words; amounts: AmountWords }

/** Below this it is now. */
const NOW_MS = 60_000

/** `刚刚`, `12 分钟前`. */
export const ageOf = (at: number, now: number, { words, amounts }: Said): string =>
  now - at < NOW_MS ? words.now : words.ago(duration(now - at, amounts))

/** Latitude first, as maps and rescuers take it: `37.51000, 122.12000`. About a metre. */
export const coordinatesOf = ({ lat, lon }: { lat: number; lon: number }): string =>
  `${lat.toFixed(5)}, ${lon.toFixed(5)}`

export const accuracyOf = ({ acc }: Pick<Fix, 'acc'>, { words, amounts }: Said): string =>
  acc === undefined ? words.unknownAccuracy : words.about(distance(acc, amounts))

/** What an operator must not overlook before sending somebody there. */
export function warningsOf(fix: Fix, now: number, { words, amounts }: Said): string[] {
  const { isOld, isCoarse } = standingOf(fix, now)
  return [...(isCoarse ? [words.coarse] : []), ...(isOld ? [words.old(duration(now - fix.at, amounts))] : [])]
}

/** Where that is by the zones around it, dangers first. Nearer to an edge than its own error, nobody knows the side. */
export function relationsOf(fences: readonly Fence[], fix: Fix, { words, amounts }: Said): string[] {
  const { safe, dangers } = nearby(fences, placeOf(fix), fix.acc)
  const isUnsure = ({ beyondM }: Nearby): boolean => fix.acc !== undefined && Math.abs(beyondM) < fix.acc
  const said = dangers.map(danger => {
    const { fence, beyondM, isInside } = danger
    if (isUnsure(danger)) return words.maybeDanger(fence.name)
    return isInside
      ? words.insideDanger(fence.name)
      : words.nearDanger(fence.name, distance(beyondM, amounts))
  })
  if (safe === undefined) return [...said, words.noFences]
  const { fence, beyondM, isInside } = safe
  if (isUnsure(safe)) return [...said, words.unsure(fence.name)]
  return [
    ...said,
    isInside ? words.inside(fence.name) : words.outside(fence.name, distance(beyondM, amounts)),
  ]
}
