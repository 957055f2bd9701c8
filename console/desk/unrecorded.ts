// Emergencies that the hub could not write down yet: stand-ins of alarms that will come. A pure reducer beside the
// board. The hub tells them anew on every connection, and takes back what has been recorded.

import type { FeedMessage } from '../../model/feed.ts'
import { type Finding, severityRank } from '../../model/finding.ts'
import type { DeskEvent } from './desk.ts'

export type Unrecorded = {
  findings: ReadonlyMap<string, Finding>
  /** Those that somebody at this desk has said to see: they stay on the screen, and are silent. */
  heard: ReadonlySet<string>
}

export const NOTHING_UNRECORDED: Unrecorded = { findings: new Map(), heard: new Set() }

/** More are not shown; the hub tells a desk that comes the gravest of them. */
export const KEPT_MAX = 1_000

export function unrecordedAfter(unrecorded: Unrecorded, event: DeskEvent): Unrecorded {
  switch (event.type) {
    case 'message':
      return withMessage(unrecorded, event.message)
    case 'link':
      // What still stands follows the greeting; what was heard need not sound again.
      return event.link.state === 'live' && unrecorded.findings.size > 0
        ? { ...unrecorded, findings: new Map() }
        : unrecorded
    case 'unrecordedHeard':
      return { ...unrecorded, heard: new Set(unrecorded.heard).add(event.id) }
    default:
      return unrecorded
  }
}

function withMessage(unrecorded: Unrecorded, message: FeedMessage): Unrecorded {
  if (message.type === 'unrecorded') return withFinding(unrecorded, message.finding)
  if (message.type === 'recorded') return without(unrecorded, message.findingId)
  if (message.type === 'alarm') return without(unrecorded, message.entry.findingId)
  return unrecorded
}

function withFinding(unrecorded: Unrecorded, finding: Finding): Unrecorded {
  const findings = new Map(unrecorded.findings).set(finding.id, finding)
  if (findings.size <= KEPT_MAX) return { ...unrecorded, findings }
  const last = mostUrgent({ ...unrecorded, findings }).at(-1)
  if (last) findings.delete(last.id)
  return { ...unrecorded, findings }
}

function without(unrecorded: Unrecorded, id: string | undefined): Unrecorded {
  const { findings, heard } = unrecorded
  if (id === undefined || (!findings.has(id) && !heard.has(id))) return unrecorded
  const [left, silent] = [new Map(findings), new Set(heard)]
  left.delete(id)
  silent.delete(id)
  return { findings: left, heard: silent }
}

/** In the order of the queue: severity, then waiting time. */
export const mostUrgent = ({ findings }: Unrecorded): Finding[] =>
  [...findings.values()].sort(
    (a, b) => severityRank(b.severity) - severityRank(a.severity) || a.receivedAt - b.receivedAt,
  )

/** Something critical that nobody at this desk has said to see. */
export const mustSound = ({ findings, heard }: Unrecorded): boolean =>
  [...findings.values()].some(({ id, severity }) => severity === 'critical' && !heard.has(id))
