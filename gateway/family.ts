// The page of one family, put together from what is read of all the elders that the account looks after. What they may
// not see is not read, and so not sent.

import { setTimeout as wait } from 'node:timers/promises'
import { locationIn } from '../alerts/notify-message.ts'
import { mapLink } from '../alerts/templates/place.ts'
import { isWandering } from '../alerts/track.ts'
import type { ConsentStanding } from '../model/consent.ts'
import {
  FAMILY_DAYS,
  type Family,
  type FamilyAlarm,
  type FamilyElder,
  type FamilyPlace,
} from '../model/family.ts'
import type { Finding } from '../model/finding.ts'
import type { Latest } from '../model/history.ts'
import type { Log } from '../model/log.ts'
import type { Location } from '../model/telemetry.ts'
import { epochMs } from '../model/units.ts'
import type { Incident } from '../records/casework.ts'
import { consentStandings } from '../records/consents.ts'
import { contactsOf } from '../records/contacts.ts'
import type { Db } from '../records/db.ts'
import { goingSince, type LookedAfter, lookedAfterBy } from '../records/family.ts'
import {
  findingsOf,
  type Help,
  helpFor,
  NO_HELP,
  openAlarmsOf,
  pastAlarmsOf,
  trackedAmong,
  type WornDevice,
  wornDevicesOf,
  wornNow,
} from '../records/family-elders.ts'
import { type Worn, wornByEach } from '../records/worn.ts'
import { helpersOf, isShared, placeRule, signOf, stageOf } from './family-view.ts'
import { latestSpan, newestOf, type Past } from './past.ts'

const DAY_MS = 24 * 3_600_000
/** A history that has not answered by then is away: the rest of the page does not wait for it. */
const HISTORY_WITHIN_MS = 2_000
/** Elders whose history is asked for at a time: charts of the desk come in between. */
const HISTORY_AT_ONCE = 4

type Sources = { db: Db; past: Past | undefined; log: Log }

/** All that an account sees, as it is at `now`. */
export async function familyOf(
  { db, past, log }: Sources,
  { userId, now }: { userId: string; now: number },
): Promise<Family> {
  const elders = await lookedAfterBy(db, { userId })
  const ids = elders.map(({ id }) => id)
  const [standing, open] = await Promise.all([consentStandings(db, ids), openAlarmsOf(db, ids)])
  const shared = ids.filter(id => isShared(standing.get(id) ?? []))
  const urgent = [...open.values()].flat().filter(isUrgent)
  const [alarms, known] = await Promise.all([
    readAlarms(db, urgent),
    readShared(db, { residentIds: shared, now }),
  ])
  const latest = await readLatest({ past, log }, known.spans)
  const read: Read = { standing, open, alarms, ...known, latest }
  return { at: now, items: elders.map(elder => elderOf(elder, read, now)) }
}

const isUrgent = (incident: Incident): boolean => incident.class !== 'technical'

/** What was read of all elders, by elder or by alarm. */
type Read = Shared & {
  standing: ReadonlyMap<string, ConsentStanding[]>
  open: ReadonlyMap<string, Incident[]>
  alarms: AlarmsRead
  latest: ReadonlyMap<string, Latest>
}
type AlarmsRead = {
  help: ReadonlyMap<string, Help>
  tracked: ReadonlySet<string | null>
  findings: ReadonlyMap<string, Record<string, unknown>[]>
  /** What contacts are to their elder, by contact. */
  relations: ReadonlyMap<string, string | null>
}
type Shared = {
  devices: ReadonlyMap<string, WornDevice[]>
  over: ReadonlyMap<string, Incident[]>
  spans: ReadonlyMap<string, Worn[]>
}

async function readAlarms(db: Db, urgent: readonly Incident[]): Promise<AlarmsRead> {
  const ids = urgent.map(({ id }) => id)
  const [help, tracked, findings, contacts] = await Promise.all([
    helpFor(db, ids),
    trackedAmong(db, ids),
    findingsOf(db, ids),
    contactsOf(db, [...new Set(urgent.map(({ subjectId }) => subjectId))]),
  ])
  return { help, tracked, findings, relations: new Map(contacts.map(({ id, relation }) => [id, relation])) }
}

async function readShared(
  db: Db,
  { residentIds, now }: { residentIds: readonly string[]; now: number },
): Promise<Shared> {
  const [devices, over, spans] = await Promise.all([
    wornDevicesOf(db, residentIds),
    pastAlarmsOf(db, { residentIds, since: now - FAMILY_DAYS * DAY_MS }),
    wornByEach(db, { residentIds, ...latestSpan(now) }),
  ])
  return { devices, over, spans }
}

/** Pure: one elder of what was read of all. */
function elderOf(elder: LookedAfter, read: Read, now: number): FamilyElder {
  const { id, name, gender, timeZone, contact } = elder
  const awayUntil = elder.awayUntil !== null && elder.awayUntil > now ? elder.awayUntil : null
  const standing = read.standing.get(id) ?? []
  const open = read.open.get(id) ?? []
  const urgent = open.filter(isUrgent).sort(emergencyFirst)
  const told = urgent.map(incident => toldAlarm(incident, { elder, ...read.alarms }))
  const isLost = told.some(alarm => alarm.isLost)
  const alarms = told.map(({ alarm }) => alarm)
  const known = { id, name, gender, relation: contact.relation, timeZone, isLost, open: alarms }
  if (!isShared(standing)) return { ...known, ...NOTHING_SHARED, open: alarms.map(withoutZone) }
  const reason = placeRule(standing, isLost)
  const latest = read.latest.get(id)
  const fallback = told.find(({ isLost }) => isLost)
  const place = reason === 'not_needed' || reason === 'withheld' ? null : placeOf(latest, fallback)
  return {
    ...known,
    awayUntil,
    isShared: true,
    sign: signOf(wornNow(read.devices.get(id) ?? [], open), latest),
    place,
    placeReason: place === null && reason !== 'not_needed' ? 'unknown' : reason,
    past: (read.over.get(id) ?? []).map(overAlarm),
  }
}

/** What a zone is called says where they are. */
const withoutZone = (alarm: FamilyAlarm): FamilyAlarm => ({ ...alarm, zone: null })

const NOTHING_SHARED = {
  isShared: false,
  awayUntil: null,
  sign: null,
  place: null,
  placeReason: 'withheld',
  past: [],
} satisfies Partial<FamilyElder>

const emergencyFirst = (a: Incident, b: Incident): number =>
  Number(a.class !== 'emergency') - Number(b.class !== 'emergency') || b.alertedAt - a.alertedAt

/** An open alarm as it is told, and where it says that the elder was. */
type ToldAlarm = { alarm: FamilyAlarm; isLost: boolean; location: Location | undefined; at: number }

function toldAlarm(
  incident: Incident,
  { elder, help: helps, tracked, findings: all, relations }: AlarmsRead & { elder: LookedAfter },
): ToldAlarm {
  const { id, class: cls, kind, alertedAt, raisedAt } = incident
  const contactId = elder.contact.id
  const help = helps.get(id) ?? NO_HELP
  const findings = all.get(id) ?? []
  const newest = findings.find(finding => finding.kind === kind) ?? findings[0] ?? {}
  const at = epochMs(typeof newest.at === 'number' ? newest.at : raisedAt)
  const { zoneName } = (newest.evidence ?? {}) as Record<string, unknown>
  const alarm: FamilyAlarm = {
    id,
    class: cls === 'service' ? 'service' : 'emergency',
    kind,
    at,
    zone: typeof zoneName === 'string' ? zoneName : null,
    help: {
      ...stageOf(incident, help),
      helpers: helpersOf(help, { contactId, relations }),
      goingSince: goingSince(help.told, { contactId, alertedAt }),
    },
    disposition: null,
    endedAt: null,
  }
  // An elder is lost while they are tracked, and also when they wear nothing that could be.
  const isLost = cls === 'emergency' && (tracked.has(id) || findings.some(hasWandered))
  return { alarm, isLost, location: locationIn(newest.evidence), at }
}

const hasWandered = (finding: Record<string, unknown>): boolean =>
  isWandering(finding as Pick<Finding, 'kind' | 'severity' | 'ended'>)

const overAlarm = ({ id, class: cls, kind, raisedAt, disposition, resolvedAt }: Incident): FamilyAlarm => ({
  id,
  class: cls === 'service' ? 'service' : 'emergency',
  kind,
  at: raisedAt,
  zone: null,
  help: null,
  disposition,
  endedAt: resolvedAt === null ? null : Number(resolvedAt),
})

/**
 * By elder; whoever is missing could not be read in time, or there is no history: that is said, and the alarms are shown
 * all the same.
 */
async function readLatest(
  { past, log }: Pick<Sources, 'past' | 'log'>,
  spans: Shared['spans'],
): Promise<ReadonlyMap<string, Latest>> {
  const read = new Map<string, Latest>()
  if (past === undefined || spans.size === 0) return read
  const late = new AbortController()
  const left = spans.entries()
  const worker = async (): Promise<void> => {
    for (const [residentId, worn] of left) {
      if (late.signal.aborted) return
      try {
        read.set(residentId, await newestOf(past, worn))
      } catch (error) {
        log.warn({ error }, 'the last sign of an elder could not be read for their family')
      }
    }
  }
  const tooLate = wait(HISTORY_WITHIN_MS, undefined, { signal: late.signal }).catch(() => undefined)
  await Promise.race([Promise.all(Array.from({ length: HISTORY_AT_ONCE }, worker)), tooLate])
  late.abort()
  return new Map(read)
}

/** The newest that is known: what was heard last, or what the alarm itself says. */
function placeOf(latest: Latest | undefined, told: ToldAlarm | undefined): FamilyPlace | null {
  const fix = latest?.fix ?? null
  if (told?.location !== undefined && (fix === null || fix.at < told.at)) {
    return placed(told.location, told.at)
  }
  return fix && placed({ ...fix, datum: 'wgs84' }, fix.at)
}

function placed(location: Location, at: number): FamilyPlace {
  const { lat, lon, acc, src } = location
  const links = { zh: mapLink(location, 'zh'), en: mapLink(location, 'en') }
  return { lat, lon, accuracyM: acc ?? null, source: src ?? null, at, links }
}
