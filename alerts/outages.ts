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
  type Silence,
  writeSilences,
} from '../records/silences.ts'
import { areaByPath } from '../records/subjects.ts'
import type { Desk } from './apply.ts'
import { NO_CLOCK } from './escalate.ts'
import { HUB, transition } from './lifecycle.ts'
import { areasOut, candidates, enoughLive, isBack, OUTAGE_WITHIN_MS, type Out } from './outage.ts'
import { asItIs, LISTED_AT_ONCE, listWaiting, releaseOwn } from './outage-lists.ts'
import { joinOutage, type RaiseReason, raise } from './raise.ts'
import { isBeginning, noteSilences } from './silences.ts'

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
  /** Rows that are not as they were written. */
  const changed = new Map<string, Silence>()
  const after: Finding[] = []
  let room = LISTED_AT_ONCE
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
      .filter(other => closeInto(asItIs(desk, other), incident.id))
      .map(other => other.incident.id)
    await joinSilences(tx, { path: out.path, incidentId: incident.id, from, now: desk.now })
    await followRows()
  }

  /** Rows of this batch may be members now: these are listed by the finding that says so. */
  async function followRows(): Promise<void> {
    const begun = new Map(silent.filter(isBeginning).map(({ deviceId, id }) => [deviceId, id]))
    for (const [deviceId, row] of await readSilences(tx, [...silences.keys()])) {
      const findingId = begun.get(deviceId)
      if (row.unlisted === '' && findingId !== undefined) become({ ...row, unlisted: findingId })
      else silences.set(deviceId, row)
    }
  }

  function become(row: Silence): void {
    silences.set(row.deviceId, row)
    changed.set(row.deviceId, row)
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

  function take(finding: Finding): RaiseReason | 'known' | undefined {
    if (finding.kind !== 'silent' || desk.isKnown(finding)) return undefined
    const silence = silences.get(finding.deviceId)
    const outage = open.get(silence?.incidentId ?? '')
    if (!silence || !outage) return undefined
    const about = desk.aboutOf(finding)
    if (finding.ended) return takeEnd(finding, outage)
    // What an elder's own emergency is about belongs there.
    if (finding.severity !== 'notice' && desk.openOf(about.subject, 'emergency')) return undefined
    if (finding.severity === 'notice' && room <= 0) return 'joined' // waits for its place on the list
    room--
    become({ ...silence, unlisted: null })
    const asIs = asItIs(desk, outage)
    const { reason, incident, entries } = joinOutage(asIs, finding, { now: desk.now, member: about.subject })
    keep(incident ?? asIs, entries)
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
    keep(asItIs(desk, outage), [isFirst ? { ...entry, findingId: finding.id } : entry])
    return isFirst ? 'ended' : reason
  }

  function keep(incident: Incident, entries: readonly NewEntry[]): void {
    const outage = open.get(incident.id)
    if (outage) open.set(incident.id, { ...outage, incident })
    desk.keep({ incident, entries })
  }

  async function end(): Promise<void> {
    await writeSilences(tx, [...changed.values()])
    const heard = new Set(
      silent.flatMap(one => (one.ended ? (silences.get(one.deviceId)?.incidentId ?? []) : [])),
    )
    for (const id of heard) {
      const outage = open.get(id)
      if (outage) await endIfBack(asItIs(desk, outage))
    }
    after.push(...(await listWaiting(tx, { desk, open: [...open.values()], limit: room })))
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
    const over = { incidentId: outage.id, because: 'outage_over', now, limit: room } as const
    const released = await releaseOwn(tx, over)
    room -= released.length
    after.push(...released)
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
