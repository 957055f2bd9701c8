// The edge where findings of the workers come in: entries of the `out` logs, JSON arrays of findings. What
// cannot be read is not passed over: it becomes a finding itself, so that a person looks.

import { z } from 'zod'
import type { LogEntry } from '../broker/stream.ts'
import { type Finding, findingSchema } from '../model/finding.ts'

/** An entry with what it holds; `unreadable` says why part of it is replaced by a finding of the hub's own. */
export type ReadEntry = {
  partition: number
  entry: LogEntry
  findings: readonly Finding[]
  unreadable: string | null
}

/** As much of an unreadable entry as is shown to a person. */
const SHOWN_CHARACTERS = 2_000

const listSchema = z.array(z.unknown())

/** Reads an entry. `now` is the receive time of the finding that stands for what could not be read. */
export function readFindings(partition: number, entry: LogEntry, now: number): ReadEntry {
  const text = Buffer.from(entry.data.buffer, entry.data.byteOffset, entry.data.byteLength).toString()
  const list = parseList(text)
  if (!list) {
    const reason = 'no list of findings'
    return { partition, entry, findings: [standIn(partition, entry, { reason, now })], unreadable: reason }
  }
  const findings: Finding[] = []
  let unreadable: string | null = null
  for (const item of list) {
    const finding = findingSchema.safeParse(item)
    if (finding.success) findings.push(finding.data)
    else unreadable = z.prettifyError(finding.error)
  }
  if (unreadable !== null) findings.push(standIn(partition, entry, { reason: unreadable, now }))
  return { partition, entry, findings, unreadable }
}

/**
 * Nobody can say what stood in an entry that cannot be read, so it is an emergency until somebody has looked.
 * Its device is unknown, and so it is raised for the whole hub. Its id is the entry's place: read again, it is
 * the same finding.
 */
function standIn(
  partition: number,
  { lane, position, data }: LogEntry,
  { reason, now }: { reason: string; now: number },
): Finding {
  return {
    id: placeId(partition, { lane, position }),
    kind: 'unreadable_event',
    severity: 'high',
    deviceId: 'unknown',
    at: now,
    receivedAt: now,
    lateMs: 0,
    evidence: {
      reason,
      log: `${partition}/${lane}`,
      position,
      raw: Buffer.from(data).toString('utf8').slice(0, SHOWN_CHARACTERS),
    },
  }
}

/**
 * What stands in for a finding that could be read and cannot be written: first one that names its device, so
 * that a person knows whom to look for, then one without anything that is the finding's own.
 */
export function standInsFor(
  finding: Finding,
  { partition, entry, reason, now }: Pick<ReadEntry, 'partition' | 'entry'> & { reason: string; now: number },
): readonly [named: Finding, bare: Finding] {
  const bare = standIn(partition, entry, { reason, now })
  const id = standInId({ partition, entry }, finding)
  const raw = JSON.stringify(finding).slice(0, SHOWN_CHARACTERS)
  const severity = finding.severity === 'critical' ? 'critical' : bare.severity
  const one: Finding = { ...bare, id, severity, evidence: { ...bare.evidence, raw } }
  const { deviceId, at, receivedAt, lateMs } = finding
  return [{ ...one, deviceId, at, receivedAt, lateMs }, one]
}

/** The id of what stands in for `finding` of this entry, should the database refuse it. */
export const standInId = (
  { partition, entry }: Pick<ReadEntry, 'partition' | 'entry'>,
  { id }: Finding,
): string => `${placeId(partition, entry)}-${id}`

const placeId = (partition: number, { lane, position }: Pick<LogEntry, 'lane' | 'position'>): string =>
  `unreadable-${partition}-${lane}-${position}`

function parseList(text: string): unknown[] | undefined {
  try {
    return listSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // the caller raises it
  }
}
