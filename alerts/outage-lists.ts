// The lists of outages, a few elders a transaction, so that an SOS waits for no more than these. Who belongs to an
// outage waits in its row for a place on the list; who is silent still when it is over waits there for the own
// condition. Where a transaction stops, the sweep goes on (settle.ts): nobody is on no list.

import type { Finding } from '../model/finding.ts'
import type { Tx } from '../records/db.ts'
import { noteListed, type OpenOutage, releaseSilences, unlistedSilences } from '../records/silences.ts'
import { readRegistered } from '../records/subjects.ts'
import type { Desk } from './apply.ts'
import { joinOutage } from './raise.ts'
import { ownFinding } from './silences.ts'
import { subjectOf } from './subject.ts'

/** Elders whose lists one transaction changes: about 20 ms of the desk's time. */
export const LISTED_AT_ONCE = 50

/** Gives at most `limit` members of an outage what is to be told of each by itself. */
export async function releaseOwn(
  tx: Tx,
  {
    incidentId,
    because,
    now,
    limit,
  }: { incidentId: string; because: 'outage_over' | 'outage_resolved'; now: number; limit: number },
): Promise<Finding[]> {
  const released = await releaseSilences(tx, { incidentId, limit })
  return released.map(silence => ownFinding(silence, now, { because, incidentId }))
}

/**
 * Lists at most `limit` of those who wait for it, and returns what ends the own conditions that they had. Write the
 * desk afterwards.
 */
export async function listWaiting(
  tx: Tx,
  { desk, open, limit }: { desk: Desk; open: readonly OpenOutage[]; limit: number },
): Promise<Finding[]> {
  if (open.length === 0 || limit <= 0) return []
  const outages = new Map(open.map(outage => [outage.incident.id, outage]))
  const waiting = await unlistedSilences(tx, { incidentIds: [...outages.keys()], limit })
  if (waiting.length === 0) return []
  const deviceIds = waiting.map(({ deviceId }) => deviceId)
  const registered = await readRegistered(tx, deviceIds)
  const ended: Finding[] = []
  for (const silence of waiting) {
    const { heardAt, incidentId, unlisted } = silence
    const outage = outages.get(incidentId ?? '')
    if (heardAt !== null || !outage) continue
    const told = ownFinding(silence, desk.now, { because: 'area_outage', incidentId: outage.incident.id })
    const notice: Finding = { ...told, severity: 'notice' } // what was higher has been told
    const { subject: member } = subjectOf(notice, registered, desk.now)
    const listed = joinOutage(asItIs(desk, outage), notice, { now: desk.now, member })
    const findingId = unlisted || undefined
    desk.keep({ ...listed, entries: listed.entries.map(entry => ({ ...entry, findingId })) })
    if (findingId === undefined) ended.push({ ...notice, ended: true })
  }
  await noteListed(tx, deviceIds)
  return ended
}

/** An outage as this transaction has made it: something else may have joined it meanwhile. */
export const asItIs = (desk: Desk, { incident }: OpenOutage): OpenOutage['incident'] =>
  desk.openOf({ type: 'area', id: incident.subjectId }, 'emergency') ?? incident
