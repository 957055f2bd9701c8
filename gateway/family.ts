// The page of one family, put together from what is read of each elder that the account looks after. What they may not
// see is not read, and so not sent.

import { setTimeout as wait } from 'node:timers/promises'
import { toldOf } from '../alerts/notify-message.ts'
import { mapLink } from '../alerts/templates/place.ts'
import { isWandering } from '../alerts/track.ts'
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
import type { Incident } from '../records/casework.ts'
import { consentStanding } from '../records/consents.ts'
import { contactsOf } from '../records/contacts.ts'
import type { Db } from '../records/db.ts'
import {
  findingsOf,
  goingSince,
  helpFor,
  isTracked,
  type LookedAfter,
  lookedAfterBy,
  openAlarmsOf,
  pastAlarmsOf,
  wornNow,
} from '../records/family.ts'
import { helpersOf, isShared, placeRule, signOf, stageOf } from './family-view.ts'
import { latestOf, type Past } from './past.ts'

const DAY_MS = 24 * 3_600_000
/** A history that has not answered by then is away: the rest of the page does not wait for it. */
const HISTORY_WITHIN_MS = 2_000

type Sources = { db: Db; past: Past | undefined; log: Log }

/** All that an account sees, as it is at `now`. */
export async function familyOf(
  sources: Sources,
  { userId, now }: { userId: string; now: number },
): Promise<Family> {
  const elders = await lookedAfterBy(sources.db, { userId })
  const items = await Promise.all(elders.map(elder => elderOf(sources, elder, now)))
  return { at: now, items }
}

async function elderOf(sources: Sources, elder: LookedAfter, now: number): Promise<FamilyElder> {
  const { db } = sources
  const { id, name, gender, timeZone, contact } = elder
  const awayUntil = elder.awayUntil !== null && elder.awayUntil > now ? elder.awayUntil : null
  const [standing, open] = await Promise.all([consentStanding(db, id), openAlarmsOf(db, id)])
  const urgent = open.filter(incident => incident.class !== 'technical').sort(emergencyFirst)
  const told = await Promise.all(urgent.map(incident => toldAlarm(db, { incident, elder })))
  const isLost = told.some(alarm => alarm.isLost)
  const alarms = told.map(({ alarm }) => alarm)
  const known = { id, name, gender, relation: contact.relation, timeZone, isLost, open: alarms }
  if (!isShared(standing)) return { ...known, ...NOTHING_SHARED, open: alarms.map(withoutZone) }
  const reason = placeRule(standing, isLost)
  const latest = await readLatest(sources, { residentId: id, now })
  const fallback = told.find(({ isLost }) => isLost)
  const place = reason === 'not_needed' || reason === 'withheld' ? null : placeOf(latest, fallback)
  return {
    ...known,
    awayUntil,
    isShared: true,
    sign: signOf(await wornNow(db, { residentId: id, open }), latest),
    place,
    placeReason: place === null && reason !== 'not_needed' ? 'unknown' : reason,
    past: (await pastAlarmsOf(db, { residentId: id, since: now - FAMILY_DAYS * DAY_MS })).map(overAlarm),
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

async function toldAlarm(
  db: Db,
  { incident, elder }: { incident: Incident; elder: LookedAfter },
): Promise<ToldAlarm> {
  const { id, class: cls, kind, alertedAt } = incident
  const contactId = elder.contact.id
  const [facts, help, isLost, contacts] = await Promise.all([
    toldOf(db, incident, 'zh'),
    helpFor(db, id),
    hasWandered(db, incident),
    contactsOf(db, [elder.id]),
  ])
  const relations = new Map(contacts.map(contact => [contact.id, contact.relation]))
  const { zoneName } = facts.finding.evidence
  const alarm: FamilyAlarm = {
    id,
    class: cls === 'service' ? 'service' : 'emergency',
    kind,
    at: facts.at,
    zone: typeof zoneName === 'string' ? zoneName : null,
    help: {
      ...stageOf(incident, help),
      helpers: helpersOf(help, { contactId, relations }),
      goingSince: goingSince(help.told, { contactId, alertedAt }),
    },
    disposition: null,
    endedAt: null,
  }
  return { alarm, isLost, location: facts.location, at: facts.at }
}

/** An elder is lost while they are tracked, and also when they wear nothing that could be. */
async function hasWandered(db: Db, incident: Incident): Promise<boolean> {
  if (incident.class !== 'emergency') return false
  if (await isTracked(db, incident.id)) return true
  const findings = await findingsOf(db, incident.id)
  return findings.some(finding => isWandering(finding as Pick<Finding, 'kind' | 'severity' | 'ended'>))
}

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

/** Undefined where there is no history, or it does not answer: that is said, and the alarms are shown all the same. */
async function readLatest(
  { db, past, log }: Sources,
  asked: { residentId: string; now: number },
): Promise<Latest | undefined> {
  if (past === undefined) return undefined
  const late = new AbortController()
  try {
    const tooLate = wait(HISTORY_WITHIN_MS, undefined, { signal: late.signal }).catch(() => undefined)
    return await Promise.race([latestOf({ db, past }, asked), tooLate])
  } catch (error) {
    log.warn({ error }, 'the last sign of an elder could not be read for their family')
    return undefined
  } finally {
    late.abort()
  }
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
