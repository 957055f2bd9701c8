// What the model of the desk knows: who is at a screen, and what was seen of each alarm so far.

import type { Severity } from '../../../model/finding.ts'
import type { TimelineEntry } from '../../../model/incident.ts'
import type { Desk, Who } from '../desk.ts'

export type Model = {
  /** Whose screen is alive. */
  connected: Set<Who>
  gravest: Map<string, Severity>
  /** Each timeline as it was last seen: what stands on it stays. */
  timelines: Map<string, readonly TimelineEntry[]>
  /** The procedure that the work on an alarm began with. */
  begun: Map<string, string>
  /** Hand-overs, and who wrote them. */
  shifts: { id: string; from: Who }[]
  versions: number
}

export const newModel = (): Model => ({
  connected: new Set(['chen', 'song', 'liu']),
  gravest: new Map(),
  timelines: new Map(),
  begun: new Map(),
  shifts: [],
  versions: 0,
})

export const alarmIds = async (desk: Desk): Promise<string[]> =>
  (
    await desk.records.db.selectFrom('incidents').select('id').orderBy('raisedAt').orderBy('id').execute()
  ).map(({ id }) => id)

export const dispatchIds = async (desk: Desk): Promise<string[]> =>
  (
    await desk.records.db.selectFrom('dispatches').select('id').orderBy('askedAt').orderBy('id').execute()
  ).map(({ id }) => id)

/** One of the list, whatever its length; undefined of an empty one. */
export const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)]
