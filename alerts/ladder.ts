// Which ladder an alarm climbs (pure): the nearest area above it that has one of its class, severity and clock, or the
// literal table. A row that cannot be read never means that nobody is told: the literal table holds then.

import type { Severity } from '../model/finding.ts'
import type { IncidentClass } from '../model/incident.ts'
import { BECAUSE, type Because, LADDER_CLASSES, repeatSchema, stepsSchema } from '../model/ladder.ts'
import type { Log } from '../model/log.ts'
import type { Wait } from '../records/casework.ts'
import type { StoredLadder } from '../records/ladders.ts'
import { type Answering, becauseOf, defaultLadder, type Ladder, untilNext, WAITS } from './escalate.ts'

/** A row as it is read: `ladder` is null when it cannot be. */
export type AreaLadder = {
  id: string
  /** Of its area, such as `/root/wh/`. */
  areaPath: string
  class: IncidentClass
  severity: Severity | null
  because: Because
  ladder: Ladder | null
}

/** Reads rows; `log` is told of each that is broken. */
export function readLadders(rows: readonly StoredLadder[], log?: Log): AreaLadder[] {
  return rows.map(row => {
    const { id, areaPath, class: cls, severity, because, stepsJson } = row
    const steps = stepsSchema.safeParse(jsonOf(stepsJson))
    const repeatMs = repeatSchema.safeParse(row.repeatMs)
    const ladder = steps.success && repeatMs.success ? { steps: steps.data, repeatMs: repeatMs.data } : null
    if (ladder === null) {
      const reason = (steps.error ?? repeatMs.error)?.issues[0]?.message
      log?.error({ ladder: id, reason }, 'a ladder cannot be read; the usual one holds in its place')
    }
    return { id, areaPath, class: cls, severity, because, ladder }
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // not JSON: the schema refuses it, and says so
  }
}

/** `areaPath` is where the alarm is. */
export type Standing = Answering & { severity: Severity }

/** The ladder that an alarm climbs; null only for notices. */
export function ladderFor(
  ladders: readonly AreaLadder[],
  { incident, areaPath }: { incident: Standing; areaPath: string },
): Ladder | null {
  const usual = defaultLadder(incident)
  if (usual === null) return null
  const because = becauseOf(incident)
  const [nearest] = ladders
    .filter(one => one.class === incident.class && one.because === because)
    .filter(one => one.severity === null || one.severity === incident.severity)
    .filter(one => areaPath.startsWith(one.areaPath))
    .sort(
      (a, b) =>
        b.areaPath.length - a.areaPath.length || Number(a.severity === null) - Number(b.severity === null),
    )
  return nearest?.ladder ?? usual
}

/** The longest wait for a next step by any ladder there is, by where an incident stands. */
export function waitsOfAll(ladders: readonly AreaLadder[]): readonly Wait[] {
  if (ladders.every(({ ladder }) => ladder === null)) return WAITS
  return LADDER_CLASSES.flatMap(cls => BECAUSE.flatMap(because => longest(ladders, cls, because)))
}

/** By step, up to the last of the longest ladder: a shorter one waits for its repetition there. */
function longest(ladders: readonly AreaLadder[], cls: IncidentClass, because: Because): Wait[] {
  const isAnswered = because === 'no_progress'
  const own = ladders.filter(one => one.class === cls && one.because === because)
  const usual = WAITS.filter(wait => wait.class === cls && wait.isAnswered === isAnswered)
  const all = own.flatMap(({ ladder }) => ladder ?? [])
  const steps = Math.max(usual.length, ...all.map(({ steps }) => steps.length))
  return Array.from({ length: steps }, (_, step) => ({
    class: cls,
    isAnswered,
    step,
    waitMs: Math.max(
      usual[Math.min(step, usual.length - 1)]?.waitMs ?? 0,
      ...all.map(ladder => untilNext(ladder, step)),
    ),
  }))
}
