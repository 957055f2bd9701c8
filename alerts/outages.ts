// Silent devices on the desk: alone each is a condition of its elder, many of one area at once are one alarm of the
// area. They come from all partitions, so they meet here, in rows that only one transaction at a time writes.

import type { Finding } from '../model/finding.ts'
import { newId } from '../model/id.ts'
import { type Incident, latestIncidents, openIncidents } from '../records/casework.ts'
import type { Tx } from '../records/db.ts'
import type { NewEntry } from '../records/entries.ts'
import {
  countLive,
  countMembers,
  freshSilences,
  joinSilences,
  type OpenOutage,
  openOutages,
  releaseSilences,
  type Silence,
} from '../records/silences.ts'
import { areaByPath, readRegistered } from '../records/subjects.ts'
import type { Desk } from './apply.ts'
import { NO_CLOCK } from './escalate.ts'
import { HUB, transition } from './lifecycle.ts'
import { areasOut, candidates, enoughLive, isBack, OUTAGE_WITHIN_MS, type Out } from './outage.ts'
import { joinOutage, type RaiseReason, raise } from './raise.ts'
import { isBeginning, noteSilences, ownFinding } from './silences.ts'
import { subjectOf } from './subject.ts'

export type Outages = {
  /** Takes a finding that is an outage's affair; undefined: it is its elder's. */
  take(finding: Finding): RaiseReason | 'known' | undefined
  /** Ends what is over, once all findings are taken. */
  end(): Promise<void>
  /** What is to be applied when the desk is written: members let go of their own conditions, or have them back. */
  after(): readonly Finding[]
}

const NOTHING: Outages = { take: () => undefined, end: async () => undefined, after: () => [] }

/** Follows the silent devices of a batch. All that it reads and writes is of this transaction. */
export async function followSilences(tx: Tx, desk: Desk, findings: readonly Finding[]): Promise<Outages> {
  const silent = findings.filter(finding => finding.kind === 'silent' && !desk.isKnown(finding))
  if (silent.length === 0) return NOTHING
  const open = new Map<string, OpenOutage>()
  for (const outage of await openOutages(tx)) {
    open.set(outage.incident.id, outage)
    desk.add(outage.incident)
  }
  const silences = await noteSilences(tx, { desk, silent, open })
  const after: Finding[] = []
  if (silent.some(isBeginning)) await openNew()
  return { take, end, after: () => after }

  /** Opens an alarm for each area that is out and has none. */
  async function openNew(): Promise<void> {
    const fresh = (await freshSilences(tx, desk.now)).filter(isFree)
    const counted: Out[] = []
    for (const { path, silent } of candidates(fresh, pathsOf(open))) {
      const live = await countLive(tx, { path, now: desk.now, enough: enoughLive(silent) })
      counted.push({ path, silent, live: Math.max(live, silent) })
    }
    for (const out of areasOut(counted)) await openOne(out)
  }

  function isFree({ incidentId }: { incidentId: string | null }): boolean {
    return incidentId === null || open.has(incidentId)
  }

  async function openOne(out: Out): Promise<void> {
    const incident = await outageOf(tx, { desk, out, deviceId: (silent[0] as Finding).deviceId })
    open.set(incident.id, { incident, path: out.path })
    const smaller = [...open.values()].filter(
      other => other.path !== out.path && other.path.startsWith(out.path),
    )
    const from = smaller
      .filter(other => closeInto(asItIs(other), incident.id))
      .map(other => other.incident.id)
    const { alone, listed } = await joinSilences(tx, {
      path: out.path,
      incidentId: incident.id,
      from,
      now: desk.now,
    })
    for (const { deviceId } of [...alone, ...listed]) {
      const silence = silences.get(deviceId)
      if (silence) silences.set(deviceId, { ...silence, incidentId: incident.id })
    }
    // Those of this batch join when their finding is taken.
    const begin = new Set(silent.filter(isBeginning).map(({ deviceId }) => deviceId))
    const told = alone.filter(({ deviceId }) => !begin.has(deviceId))
    const still = listed.filter(({ deviceId, heardAt }) => heardAt === null && !begin.has(deviceId))
    await list(incident, [...told, ...still])
    // Their own condition goes; those of a smaller outage have none.
    for (const silence of told) {
      const own = ownFinding(silence, desk.now, { because: 'area_outage', incidentId: incident.id })
      after.push({ ...own, severity: 'notice', ended: true })
    }
  }

  /** A smaller outage that nobody is on is part of the larger one from now on. */
  function closeInto(smaller: Incident, incidentId: string): boolean {
    const allowed = closing(smaller)
    if (!allowed) return false
    const detail = { because: 'part_of', incidentId }
    desk.keep({
      incident: allowed,
      entries: [{ incidentId: smaller.id, kind: 'closed', at: desk.now, detail }],
    })
    open.delete(smaller.id)
    return true
  }

  /** Lists members whose silence was told before. */
  async function list(outage: Incident, members: readonly Silence[]): Promise<void> {
    const registered = await readRegistered(
      tx,
      members.map(({ deviceId }) => deviceId),
    )
    let incident = outage
    const entries: NewEntry[] = []
    for (const silence of members) {
      const finding = ownFinding(silence, desk.now, { because: 'area_outage', incidentId: outage.id })
      const { subject } = subjectOf(finding, registered, desk.now)
      const notice: Finding = { ...finding, severity: 'notice' } // what was higher has been told
      const joined = joinOutage(incident, notice, { now: desk.now, member: subject })
      incident = joined.incident ?? incident
      // The finding that told it stands on another timeline.
      for (const { findingId: _, ...entry } of joined.entries) entries.push(entry)
    }
    become(incident, entries)
  }

  function take(finding: Finding): RaiseReason | 'known' | undefined {
    if (finding.kind !== 'silent' || desk.isKnown(finding)) return undefined
    const outage = open.get(silences.get(finding.deviceId)?.incidentId ?? '')
    if (!outage) return undefined
    const about = desk.aboutOf(finding)
    if (finding.ended) return takeEnd(finding, outage)
    // What an elder's own emergency is about belongs there.
    if (finding.severity !== 'notice' && desk.openOf(about.subject, 'emergency')) return undefined
    const asIs = asItIs(outage)
    const { reason, incident, entries } = joinOutage(asIs, finding, { now: desk.now, member: about.subject })
    become(incident ?? asIs, entries)
    return reason
  }

  /** It is heard again: its own condition ends if it has one, and the outage is told. */
  function takeEnd(finding: Finding, outage: OpenOutage): RaiseReason | 'known' {
    const reason = desk.take(finding)
    const { deviceId, at, evidence } = finding
    const detail = {
      reason: 'ended',
      kind: 'silent',
      deviceId,
      at,
      evidence,
      member: desk.aboutOf(finding).subject,
    }
    const entry: NewEntry = { incidentId: outage.incident.id, kind: 'ended', at: finding.receivedAt, detail }
    const isFirst = reason === 'nothing_open'
    become(asItIs(outage), [isFirst ? { ...entry, findingId: finding.id } : entry])
    return isFirst ? 'ended' : reason
  }

  /** Something else may have joined it meanwhile. */
  function asItIs({ incident }: OpenOutage): Incident {
    return desk.openOf({ type: 'area', id: incident.subjectId }, 'emergency') ?? incident
  }

  function become(incident: Incident, entries: readonly NewEntry[]): void {
    const outage = open.get(incident.id)
    if (outage) open.set(incident.id, { ...outage, incident })
    desk.keep({ incident, entries })
  }

  async function end(): Promise<void> {
    const heard = new Set(
      silent.flatMap(one => (one.ended ? (silences.get(one.deviceId)?.incidentId ?? []) : [])),
    )
    for (const id of heard) {
      const outage = open.get(id)
      if (outage) await endIfBack(asItIs(outage))
    }
  }

  async function endIfBack(outage: Incident): Promise<void> {
    const count = await countMembers(tx, outage.id)
    if (!isBack(count)) return
    const { now } = desk
    const entries: NewEntry[] = [
      {
        incidentId: outage.id,
        kind: 'ended',
        at: now,
        detail: { reason: 'ended', kind: 'area_outage', ...count },
      },
    ]
    const closed = closing(outage)
    if (closed) {
      const detail = { because: 'area_heard_again' }
      entries.push({ incidentId: outage.id, kind: 'closed', at: now, detail })
    }
    desk.keep({ incident: closed ?? withoutOutage(outage), entries })
    open.delete(outage.id)
    for (const silence of await releaseSilences(tx, outage.id))
      after.push(ownFinding(silence, now, { because: 'outage_over', incidentId: outage.id }))
  }
}

const pathsOf = (open: ReadonlyMap<string, OpenOutage>): string[] =>
  [...open.values()].map(({ path }) => path)

/** Opens the alarm of an area, or joins the open one that says something else of it. */
async function outageOf(
  tx: Tx,
  { desk, out, deviceId }: { desk: Desk; out: Out; deviceId: string },
): Promise<Incident> {
  const { now } = desk
  const area = await areaByPath(tx, out.path)
  const about = { subject: { type: 'area' as const, id: area.id, name: area.name }, areaId: area.id }
  const there = (await openIncidents(tx, [area.id])).find(({ class: cls }) => cls === 'emergency')
  if (there && !desk.openOf(about.subject, 'emergency')) desk.add(there)
  const [latest] = (await latestIncidents(tx, [area.id])).filter(({ class: cls }) => cls === 'emergency')
  const evidence = {
    devices: out.silent,
    liveDevices: out.live,
    withinMs: OUTAGE_WITHIN_MS,
    areaName: area.name,
  }
  const finding: Finding = {
    id: newId('find'),
    kind: 'area_outage',
    severity: 'high',
    deviceId,
    at: now,
    receivedAt: now,
    lateMs: 0,
    evidence,
  }
  const context = { ...about, now, class: 'emergency' as const, newId: newId('inc'), lastPressAt: null }
  const { incident, entries } = raise(desk.openOf(about.subject, 'emergency') ?? null, finding, {
    ...context,
    previousId: latest?.id ?? null,
  })
  const outage = { ...(incident as Incident), conditions: [{ kind: 'area_outage' as const, deviceId }] }
  desk.keep({ incident: outage, entries })
  return outage
}

const withoutOutage = (outage: Incident): Incident => ({
  ...outage,
  conditions: outage.conditions.filter(({ kind }) => kind !== 'area_outage'),
})

/** The outage as the hub closes it; undefined when somebody is on it, or when it is about something else as well. */
function closing(outage: Incident): Incident | undefined {
  if (outage.kind !== 'area_outage') return undefined
  const allowed = transition(outage, 'outage_end', HUB)
  return 'refused' in allowed ? undefined : { ...withoutOutage(outage), ...NO_CLOCK, state: allowed.state }
}
