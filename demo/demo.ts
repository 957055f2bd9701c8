// The demo before the hub begins: a district that is weeks old, with accounts, elders, and what happened there in the last
// days. Written once into an empty data folder; a later start finds it, and only the wearables get new secrets.

import { hashPassword } from '../gateway/passwords.ts'
import { HubError } from '../model/error.ts'
import type { Log } from '../model/log.ts'
import type { Records } from '../records/db.ts'
import type { Settled } from '../simulators/demo.ts'
import { diceOf } from '../simulators/dice.ts'
import { buildDistrict, type District } from '../simulators/district/district.ts'
import { OPERATORS, RESPONDERS, renewPasswords, SWITCH } from './accounts.ts'
import { livePast, PAST_SCOPE } from './past.ts'
import { DAY_MS, planPast } from './plan.ts'
import { reissue, settle } from './settle.ts'

const DEMO_SEED = 1
const DEMO_ELDERS = 128
/** In the demo an exit is told sooner than in earnest, so that it can be watched. */
const DEMO_DWELL_MS = 20_000
/** Two weeks: a time can be compared with the one before. */
const PAST_DAYS = 14
const SETTLED_DAYS_AGO = 45

/** What the simulated district goes on from. */
export type PreparedDemo = Settled

const PEOPLE = {
  operators: OPERATORS.map(({ username }) => username),
  responders: RESPONDERS.map(({ username }) => username),
  telephone: SWITCH.username,
}

/** Call it before any role of the hub has started: nobody follows what is written here. */
export async function prepareDemo(
  records: Records,
  { password, now, log }: { password: string; now: number; log: Log },
): Promise<PreparedDemo> {
  const district = buildDistrict({
    seed: DEMO_SEED,
    elders: DEMO_ELDERS,
    name: 'demo',
    dwellMs: DEMO_DWELL_MS,
  })
  const familyOf = lookedAfter(district)
  const areaId = district.areas.find(({ level }) => level === 'district')?.id ?? 'root'
  const passwordHash = await hashPassword(password)
  if (await isSettled(records, areaId)) {
    await renewPasswords(records, passwordHash)
    return { ...PEOPLE, devices: await reissue(records, district), familyOf, hasPast: false }
  }
  await requireEmpty(records)
  const startedAt = performance.now()
  const at = now - SETTLED_DAYS_AGO * DAY_MS
  const devices = await settle(records, { district, areaId, passwordHash, familyOf, at })
  const people = { operators: OPERATORS.length, responders: RESPONDERS.length }
  const plan = planPast(
    { now, days: PAST_DAYS, elders: district.households.length, ...people },
    diceOf('past'),
  )
  await livePast(records, { plan, households: district.households, areaId, scope: PAST_SCOPE })
  const { alarms, calls } = plan
  log.info(
    { alarms: alarms.length, calls: calls.length, tookMs: Math.round(performance.now() - startedAt) },
    'the past of the demo is written',
  )
  return { ...PEOPLE, devices, familyOf, hasPast: true }
}

/** The first who wanders and wears a band: the family page then has something to show. */
function lookedAfter({ households }: District): string {
  const found = households.find(({ resident, device }) => resident.wandering && device.kind !== 'phone')
  return (found ?? households[0])?.resident.id ?? ''
}

/** The folder of somebody's hub gets no invented elders, and no accounts whose password stands in a README. @throws HubError */
async function requireEmpty({ read }: Records): Promise<void> {
  const [areas, residents, users] = await Promise.all([
    read.selectFrom('areas').select('id').where('parentId', 'is not', null).limit(1).execute(),
    read.selectFrom('residents').select('id').limit(1).execute(),
    read.selectFrom('users').select('id').where('username', '!=', 'admin').limit(1).execute(),
  ])
  if (areas.length + residents.length + users.length === 0) return
  throw new HubError(
    'CONFIG_INVALID',
    'DATA_DIR holds the records of a hub: the demo begins in a folder of its own, name another one',
  )
}

async function isSettled({ read }: Records, areaId: string): Promise<boolean> {
  return (
    (await read.selectFrom('areas').select('id').where('id', '=', areaId).executeTakeFirst()) !== undefined
  )
}
