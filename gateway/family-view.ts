// What a family is told of what the hub knows (pure): how far help has come, who goes, how the devices are, and whether
// a place is theirs to see. Nothing is said without a fact, neither that it is well nor that it is not.

import type { ConsentStanding } from '../model/consent.ts'
import type { FamilyElder, FamilyHelper, FamilySign, HelperState, HelpStage } from '../model/family.ts'
import type { Latest } from '../model/history.ts'
import type { Incident } from '../records/casework.ts'
import type { DevicesNow, Help, Sent, Told } from '../records/family-elders.ts'

/** The stage, and since when. Somebody on the way does not get further away because the desk's owner has gone. */
export function stageOf(
  { state, alertedAt, acceptedAt }: Pick<Incident, 'state' | 'alertedAt' | 'acceptedAt'>,
  { sent, told }: Help,
): { stage: HelpStage; since: number } {
  switch (state) {
    case 'arrived': {
      const times = [...sent.map(one => one.arrivedAt), ...timesOf(told, 'arrived')]
      return { stage: 'arrived', since: earliest(times) ?? alertedAt }
    }
    case 'dispatched': {
      const left = earliest(sent.map(one => one.onTheWayAt))
      if (left !== undefined) return { stage: 'on_the_way', since: left }
      return { stage: 'sent', since: earliest(sent.map(one => one.askedAt)) ?? alertedAt }
    }
    case 'accepted':
      return { stage: 'answered', since: acceptedAt ?? alertedAt }
    default:
      return { stage: 'told', since: alertedAt }
  }
}

const timesOf = (told: readonly Told[], kind: Told['kind']): number[] =>
  told.filter(entry => entry.kind === kind).map(({ at }) => at)

function earliest(times: readonly (number | null)[]): number | undefined {
  const known = times.filter(time => time !== null).map(Number)
  return known.length === 0 ? undefined : Math.min(...known)
}

/** Workers in the order in which they were asked, then the public services, then contacts, each once. */
export function helpersOf(
  { sent, told }: Help,
  { contactId, relations }: { contactId: string; relations: ReadonlyMap<string, string | null> },
): FamilyHelper[] {
  return [...sent.map(worker), ...servicesIn(told), ...contactsIn(told, { contactId, relations })]
}

function worker({ name, state, askedAt, acceptedAt, onTheWayAt, arrivedAt }: Sent): FamilyHelper {
  const [is, since] = WORKER_IS[state as keyof typeof WORKER_IS] ?? WORKER_IS.asked
  const times = { askedAt, acceptedAt, onTheWayAt, arrivedAt }
  return { who: 'worker', name, state: is, since: Number(times[since] ?? askedAt) }
}

const WORKER_IS = {
  asked: ['asked', 'askedAt'],
  accepted: ['coming', 'acceptedAt'],
  on_the_way: ['on_the_way', 'onTheWayAt'],
  arrived: ['arrived', 'arrivedAt'],
} as const satisfies Record<
  string,
  readonly [HelperState, 'askedAt' | 'acceptedAt' | 'onTheWayAt' | 'arrivedAt']
>

function servicesIn(told: readonly Told[]): FamilyHelper[] {
  const called = new Map<string, FamilyHelper>()
  for (const { kind, at, detail } of told) {
    const { service } = detail
    if (kind !== 'handed_over' || typeof service !== 'string' || called.has(service)) continue
    called.set(service, { who: 'service', name: service, state: 'asked', since: at })
  }
  return [...called.values()]
}

function contactsIn(
  told: readonly Told[],
  { contactId, relations }: { contactId: string; relations: ReadonlyMap<string, string | null> },
): FamilyHelper[] {
  const going = new Map<unknown, FamilyHelper>()
  for (const { kind, at, detail } of told) {
    if (kind !== 'contact_going') continue
    const isYou = detail.contactId === contactId
    const name = isYou ? null : (relations.get(String(detail.contactId)) ?? null)
    going.set(detail.contactId, { who: isYou ? 'you' : 'contact', name, state: 'coming', since: at })
  }
  return [...going.values()]
}

/** `latest` undefined: it could not be read, and what is not known is not made up. */
export function signOf(
  { devices, silentSince, conditions }: DevicesNow,
  latest: Latest | undefined,
): FamilySign {
  const state = devices === 0 ? null : (latest?.state ?? null)
  const times = [latest?.state, latest?.fix, latest?.vitals].map(heard => heard?.receivedAt ?? null)
  const known = times.filter(time => time !== null)
  return {
    devices,
    isRead: latest !== undefined,
    heardAt: devices === 0 || known.length === 0 ? null : Math.max(...known),
    // What a rule has found holds until it has ended; a sample may be older.
    isWorn: conditions.has('removed') ? false : (state?.worn ?? null),
    batteryPercent: state?.battery ?? null,
    isBatteryLow: conditions.has('low_battery'),
    isOff: conditions.has('power_off'),
    silentSince,
  }
}

type Standing = Pick<ConsentStanding, 'purpose' | 'state'>

/** Whether anything but an open alarm is shown: not once they took back that their family is told. */
export const isShared = (standing: readonly Standing[]): boolean =>
  stateOf(standing, 'family_sharing') !== 'withdrawn'

/**
 * Whether a place is theirs to see, and why: while the elder is lost, unless they do not want even that; else only when
 * they said yes to it.
 */
export function placeRule(
  standing: readonly Standing[],
  isLost: boolean,
): Exclude<FamilyElder['placeReason'], 'unknown'> {
  if (!isShared(standing)) return 'withheld'
  if (isLost) return 'lost'
  const mayAlways =
    stateOf(standing, 'family_sharing') === 'given' && stateOf(standing, 'location') !== 'withdrawn'
  return mayAlways ? 'consent' : 'not_needed'
}

const stateOf = (standing: readonly Standing[], purpose: Standing['purpose']): Standing['state'] =>
  standing.find(one => one.purpose === purpose)?.state ?? 'unrecorded'
