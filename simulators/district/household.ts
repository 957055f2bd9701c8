// One elder of the district with all that belongs to them: file, contacts, home, fence, wearable.

import type { DEVICE_KINDS } from '../../model/device.ts'
import { type Contact, type Resident, USUAL_CARE, USUAL_CONTACT } from '../../model/resident.ts'
import type { Shape, Zone } from '../../model/zone.ts'
import { type Dice, diceOf } from '../dice.ts'
import { moved, type Place } from '../ground.ts'
import { elderGivenName, surname, youngerGivenName } from './names.ts'
import { accessNotes, medicalNotes } from './notes.ts'
import { nobodysPhone } from './phone.ts'
import type { Community } from './places.ts'

export const WANDERING_SHARE = 0.18
export const LIVES_ALONE_SHARE = 0.38
export const BIRTH_YEARS = { first: 1930, last: 1961 }

export type WearableKind = Exclude<(typeof DEVICE_KINDS)[number], 'gateway'>
export type Wearable = { id: string; kind: WearableKind; protocol: 'mqtt'; residentId: string }

export type Household = {
  resident: Resident
  contacts: Contact[]
  home: Place
  zone: Zone
  /** No place nearer than `insideM` to home is outside the zone, none further than `outsideM` is inside. */
  fence: { insideM: number; outsideM: number }
  device: Wearable
}

export type HouseholdPlan = {
  prefix: string
  seed: number
  /** The elder's number in the district, from 1. */
  number: number
  community: Community
  /** Dwell time of the home zone. */
  dwellMs: number
}

/** Makes the household; the same plan gives the same one. */
export function householdFor({ prefix, seed, number, community, dwellMs }: HouseholdPlan): Household {
  const dice = diceOf('household', seed, number)
  const resident = elder({ id: `${prefix}-r${number}`, number, community, dice })
  const home = moved(community.centre, dice.between(-450, 450), dice.between(-450, 450))
  const { shape, fence } = homeFence(home, dice)
  return {
    resident,
    contacts: contactsOf(resident, community, number, dice),
    home,
    zone: {
      id: `${prefix}-z${number}`,
      name: `${resident.name}家`,
      kind: 'safe',
      shape,
      schedule: [],
      timeZone: null,
      dwellMs,
      residentId: resident.id,
      areaId: null,
    },
    fence,
    device: {
      id: `${prefix}-d${number}`,
      kind: kindFor(resident, dice),
      protocol: 'mqtt',
      residentId: resident.id,
    },
  }
}

function elder(plan: { id: string; number: number; community: Community; dice: Dice }): Resident {
  const { id, number, community, dice } = plan
  const gender = dice.hits(0.56) ? 'female' : 'male'
  const wandering = dice.hits(WANDERING_SHARE)
  return {
    id,
    areaId: community.area.id,
    name: surname(dice) + elderGivenName(gender, dice),
    gender,
    birthYear: dice.whole(BIRTH_YEARS.first, BIRTH_YEARS.last),
    phone: nobodysPhone(number),
    address: addressIn(community, dice),
    accessNotes: accessNotes(dice),
    medicalNotes: medicalNotes(wandering, dice),
    wandering,
    livesAlone: dice.hits(LIVES_ALONE_SHARE),
    ...USUAL_CARE,
  }
}

const ROADS = [
  '海滨北路',
  '文化西路',
  '青岛中路',
  '统一路',
  '新威路',
  '世昌大道',
  '沈阳路',
  '花园路',
  '古寨东路',
  '福山路',
]

function addressIn(community: Community, dice: Dice): string {
  const floor = dice.whole(1, 6)
  const door = `${floor}0${dice.whole(1, 3)}室`
  const house = `${dice.whole(1, 199)}号${dice.whole(1, 30)}栋${dice.whole(1, 4)}单元`
  return `${community.streetName}${community.area.name}${dice.pick(ROADS)}${house}${door}`
}

/** Anti-wandering bracelets go to those who wander; a one-key phone is rare with them. */
function kindFor({ wandering }: Resident, dice: Dice): WearableKind {
  const weights = wandering ? ([75, 23, 2] as const) : ([35, 45, 20] as const)
  return dice.weigh([
    ['bracelet', weights[0]],
    ['watch', weights[1]],
    ['phone', weights[2]],
  ])
}

/** A child, a neighbour for most, and the community's grid worker: in calling order. */
function contactsOf(resident: Resident, community: Community, number: number, dice: Dice): Contact[] {
  const familyName = resident.gender === 'male' ? resident.name.slice(0, 1) : surname(dice)
  const people = [child(familyName, dice)]
  if (dice.hits(0.45)) people.push(child(familyName, dice))
  if (dice.hits(0.7))
    people.push({ name: surname(dice) + youngerGivenName('female', dice), relation: '邻居' })
  const worker = diceOf('grid worker', community.area.id)
  people.push({ name: surname(worker) + youngerGivenName('male', worker), relation: '社区网格员' })
  return people.map(({ name, relation }, i) => ({
    id: `${resident.id}-k${i + 1}`,
    residentId: resident.id,
    name,
    relation,
    phone: nobodysPhone(200_000 + number * 5 + i),
    position: i + 1,
    ...USUAL_CONTACT,
    availability: [...USUAL_CONTACT.availability],
  }))
}

function child(familyName: string, dice: Dice): { name: string; relation: string } {
  const daughter = dice.hits(0.5)
  return {
    name: familyName + youngerGivenName(daughter ? 'female' : 'male', dice),
    relation: daughter ? '女儿' : '儿子',
  }
}

/** A circle, or a polygon of five to eight unequal corners, around home. */
function homeFence(home: Place, dice: Dice): { shape: Shape; fence: Household['fence'] } {
  const radiusM = dice.whole(15, 30) * 10
  if (dice.hits(0.65)) {
    return {
      shape: { circle: { center: [home.lon, home.lat], radiusM } },
      fence: { insideM: radiusM, outsideM: radiusM },
    }
  }
  const corners = dice.whole(5, 8)
  const ring = Array.from({ length: corners }, (_, i): [number, number] => {
    const angle = (2 * Math.PI * i) / corners
    const reachM = radiusM * dice.between(1, 1.25)
    const { lat, lon } = moved(home, reachM * Math.sin(angle), reachM * Math.cos(angle))
    return [lon, lat]
  })
  // Corners lie at least radiusM out, so no edge comes nearer to home than radiusM × cos(half a step).
  const insideM = Math.floor(radiusM * Math.cos(Math.PI / corners))
  return { shape: { polygon: [ring] }, fence: { insideM, outsideM: Math.ceil(radiusM * 1.25) } }
}
