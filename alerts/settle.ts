// Goes on with the lists of silent elders where a transaction has stopped, and brings back those whose outage somebody
// has resolved while they were silent still: one who is on no list is masked.

import type { Finding } from '../model/finding.ts'
import type { Clock } from '../model/time.ts'
import { type Db, type Records, type Tx, writeDesk } from '../records/db.ts'
import { appendTimeline, type NewEntry } from '../records/entries.ts'
import {
  howEnded,
  isAnyUnlisted,
  type OpenOutage,
  openOutages,
  outagesOfSilences,
} from '../records/silences.ts'
import { DeskMoved, readDesk } from './apply.ts'
import { LISTED_AT_ONCE, listWaiting, releaseOwn } from './outage-lists.ts'

/** Goes on until everybody stands where they belong; each transaction leaves the desk to others in between. */
export async function settleSilences({ records, clock }: { records: Records; clock: Clock }): Promise<void> {
  // Almost always there is nothing: find that out without keeping a writer busy.
  while (await isUnsettled(records.feed)) {
    try {
      await writeDesk(records, tx => settleSome(tx, clock.now()))
    } catch (error) {
      if (error instanceof DeskMoved) return // the next sweep goes on
      throw error
    }
    records.nudge.publish('feed')
  }
}

async function isUnsettled(db: Db): Promise<boolean> {
  const belonging = await outagesOfSilences(db)
  if (belonging.length === 0) return false
  if (await isAnyUnlisted(db)) return true
  const open = new Set((await openOutages(db)).map(({ incident }) => incident.id))
  return belonging.some(id => !open.has(id))
}

async function settleSome(tx: Tx, now: number): Promise<void> {
  const open = await openOutages(tx)
  const desk = await readDesk(tx, [], now)
  for (const { incident } of open) desk.add(incident)
  const { found, entries } = await releaseFromOver(tx, { open, now })
  const ended = await listWaiting(tx, { desk, open, limit: LISTED_AT_ONCE - found.length })
  await desk.write(tx)
  const own = await readDesk(tx, [...found, ...ended], now)
  for (const finding of [...found, ...ended]) own.take(finding)
  await own.write(tx)
  await appendTimeline(tx, entries)
}

/** Members of outages that are none any more: a person has resolved them, or many were to be released at once. */
async function releaseFromOver(
  tx: Tx,
  { open, now }: { open: readonly OpenOutage[]; now: number },
): Promise<{ found: Finding[]; entries: NewEntry[] }> {
  const found: Finding[] = []
  const entries: NewEntry[] = []
  const isOpen = new Set(open.map(({ incident }) => incident.id))
  const over = (await outagesOfSilences(tx)).filter(id => !isOpen.has(id))
  const ended = new Map((await howEnded(tx, over)).map(({ id, resolvedAt }) => [id, resolvedAt]))
  for (const incidentId of over) {
    const because = ended.get(incidentId) == null ? 'outage_over' : 'outage_resolved'
    const limit = LISTED_AT_ONCE - found.length
    const released = await releaseOwn(tx, { incidentId, because, now, limit })
    if (released.length === 0) continue
    found.push(...released)
    // Of an alarm that was deleted there is no timeline; its members are silent all the same.
    if (ended.has(incidentId)) entries.push(stillSilent({ incidentId, released, now }))
  }
  return { found, entries }
}

/** Whoever looks at the outage later sees for how many it was not over. */
function stillSilent({
  incidentId,
  released,
  now,
}: {
  incidentId: string
  released: readonly Finding[]
  now: number
}): NewEntry {
  const evidence = { stillSilent: released.length }
  return { incidentId, kind: 'ended', at: now, detail: { reason: 'ended', kind: 'area_outage', evidence } }
}
