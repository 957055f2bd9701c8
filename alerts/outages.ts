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
  readSilences,
  releaseSilences,
  type Silence,
  writeSilences,
} from '../records/silences.ts'
import { areaByPath, areaPaths, readRegistered } from '../records/subjects.ts'
import type { Desk } from './apply.ts'
import { NO_CLOCK } from './escalate.ts'
import { HUB, transition } from './lifecycle.ts'
import {
  areasOut,
  candidates,
  enoughLive,
  freshUntil,
  isBack,
  OUTAGE_WITHIN_MS,
  type Out,
  pathsUpFrom,
} from './outage.ts'
import { joinOutage, type RaiseReason, raise } from './raise.ts'
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
    const joined = await joinSilences(tx, { path: out.path, incidentId: incident.id, from, now: desk.now })
    const isHere = new Set(silent.map(({ deviceId }) => deviceId))
    for (const { deviceId } of joined) {
      const silence = silences.get(deviceId)
      if (silence) silences.set(deviceId, { ...silence, incidentId: incident.id })
    }
    await list(
      incident,
      joined.filter(({ deviceId }) => !isHere.has(deviceId)),
    )
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

  /** Those who were told of already: the outage lists them, and their own condition goes. */
  async function list(outage: Incident, members: readonly Silence[]): Promise<void> {
    const told = members.map(member =>
      ownFinding(member, desk.now, { because: 'area_outage', incidentId: outage.id }),
    )
    const registered = await readRegistered(
      tx,
      told.map(({ deviceId }) => deviceId),
    )
    let incident = outage
    const entries: NewEntry[] = []
    for (const finding of told) {
      const { subject } = subjectOf(finding, registered, desk.now)
      const joined = joinOutage(
        incident,
        { ...finding, severity: 'notice' },
        { now: desk.now, member: subject },
      )
      incident = joined.incident ?? incident
      for (const { findingId: _, ...entry } of joined.entries) entries.push(entry)
      after.push({ ...finding, severity: 'notice', ended: true })
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

const isBeginning = ({ ended, severity }: Finding): boolean => !ended && severity === 'notice'

/** Writes what the findings say of each device; one that falls silent where the area is out is of that outage. */
async function noteSilences(
  tx: Tx,
  { desk, silent, open }: { desk: Desk; silent: readonly Finding[]; open: ReadonlyMap<string, OpenOutage> },
): Promise<Map<string, Silence>> {
  const known = await readSilences(tx, [...new Set(silent.map(({ deviceId }) => deviceId))])
  const paths = await areaPaths(tx, [...new Set(silent.map(finding => desk.aboutOf(finding).areaId))])
  const silences = new Map<string, Silence>()
  for (const finding of silent) {
    const { deviceId, receivedAt } = finding
    const { areaId } = desk.aboutOf(finding)
    const before = silences.get(deviceId) ?? known.get(deviceId)
    const outageId = before?.incidentId != null && open.has(before.incidentId) ? before.incidentId : null
    if (isBeginning(finding)) {
      const incidentId = outageId ?? outageAt(paths.get(areaId) ?? '', open)
      silences.set(deviceId, { ...freshSilence(finding, areaId), incidentId })
      continue
    }
    // Rows may be younger than the silence, where older records were put back: nothing is known of when it began.
    const row = before ?? { ...freshSilence(finding, areaId), freshUntil: 0 }
    const change = finding.ended ? { heardAt: receivedAt } : { severity: finding.severity }
    silences.set(deviceId, { ...row, incidentId: outageId, ...change })
  }
  await writeSilences(tx, [...silences.values()])
  return silences
}

function freshSilence({ deviceId, severity, receivedAt, evidence }: Finding, areaId: string): Silence {
  const intervalMs = typeof evidence.intervalMs === 'number' ? evidence.intervalMs : 0
  const until = freshUntil(receivedAt, intervalMs)
  return { deviceId, areaId, severity, since: receivedAt, freshUntil: until, heardAt: null, incidentId: null }
}

/** The smallest outage that covers the area. */
function outageAt(areaPath: string, open: ReadonlyMap<string, OpenOutage>): string | null {
  for (const path of pathsUpFrom(areaPath))
    for (const outage of open.values()) if (outage.path === path) return outage.incident.id
  return null
}

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

/** A silence as a finding of the hub's own. */
function ownFinding(
  { deviceId, severity, since }: Silence,
  now: number,
  evidence: { because: string; incidentId: string },
): Finding {
  return {
    id: newId('find'),
    kind: 'silent',
    severity,
    deviceId,
    at: now,
    receivedAt: now,
    lateMs: 0,
    evidence: { ...evidence, silentForMs: Math.max(0, now - since) },
  }
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
