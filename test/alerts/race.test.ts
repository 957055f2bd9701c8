// Twenty operators reach for each alarm at once, at two gateways: exactly one has it, and nineteen are told who.
//
//   RACE_ALARMS=1000 npx vitest run --project 'on postgres' test/alerts/race.test.ts
//
// runs the full race, and holds its bar.

import { performance } from 'node:perf_hooks'
import { expect, onTestFinished, test } from 'vitest'
import { applyFindings } from '../../alerts/apply.ts'
import { type AlarmDesk, openAlarmDesk } from '../../alerts/desk.ts'
import type { Handled } from '../../alerts/handle.ts'
import { epochMs } from '../../model/units.ts'
import { type Records, writeDesk } from '../../records/db.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { ENGINE, newPlace } from '../records/started.ts'
import { finding } from './desk.ts'

const OPERATORS = 20
const GATEWAYS = 2
const FULL = Number(process.env.RACE_ALARMS ?? 0)
const ALARMS = FULL || (ENGINE === 'postgres' ? 100 : 25)
/** Of one accept, won or lost, with nineteen beside it. */
const P99_BAR_MS = 50

const clock = { now: () => epochMs(Date.now()) }
const people = Array.from({ length: OPERATORS }, (_, n) => ({
  userId: `op-${n}`,
  name: `坐席 ${n}`,
  role: 'operator' as const,
}))

/** Each device is an alarm of its own. Returns the ids of the alarms. */
async function raise(records: Records, count: number): Promise<string[]> {
  const { db } = records
  const born = { createdAt: 0, archivedAt: null, areaId: 'root' }
  const devices = Array.from({ length: count }, (_, n) => `race-${n}`)
  const device = { kind: 'bracelet', protocol: 'mqtt', secretHash: '', ...born } as const
  await db
    .insertInto('devices')
    .values(devices.map(id => ({ id, ...device })))
    .execute()
  await db
    .insertInto('users')
    .values(
      people.map(({ userId: id, name, role }) => ({
        id,
        username: id,
        name,
        role,
        passwordHash: '',
        ...born,
      })),
    )
    .execute()
  const findings = devices.map(deviceId => finding({ receivedAt: clock.now(), deviceId }))
  await writeDesk(records, tx => applyFindings(tx, findings, clock.now()))
  const rows = await db.selectFrom('incidents').select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}

type Attempt = { by: (typeof people)[number]; handled: Handled; ms: number }

const reachFor = (id: string, desks: readonly AlarmDesk[]): Promise<Attempt[]> =>
  Promise.all(
    people.map(async (by, n) => {
      const desk = desks[n % desks.length] as AlarmDesk
      const at = performance.now()
      const handled = await desk.handle({ id, action: 'accept', by, scope: WHOLE_HUB })
      return { by, handled, ms: performance.now() - at }
    }),
  )

function oneWon(attempts: readonly Attempt[]): void {
  const [winner, ...others] = attempts.filter(({ handled }) => handled.ok)
  expect(others).toEqual([])
  const owner = { id: winner?.by.userId, name: winner?.by.name }
  const lost = attempts.filter(attempt => attempt !== winner)
  for (const { handled } of lost) expect(handled).toEqual({ ok: false, code: 'ALARM_TAKEN', owner })
}

function quantiles(attempts: readonly Attempt[]): { p50: number; p99: number; max: number } {
  const sorted = attempts.map(({ ms }) => ms).sort((a, b) => a - b)
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}

const told = ({ p50, p99, max }: ReturnType<typeof quantiles>): string =>
  `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, max ${max.toFixed(1)} ms`

test(
  'exactly one of twenty wins each alarm',
  async () => {
    const place = await newPlace(clock)
    onTestFinished(() => place.remove())
    const gateways: Records[] = []
    while (gateways.length < GATEWAYS) gateways.push(await place.open())
    const desks = gateways.map(records => openAlarmDesk({ records, clock }))
    const ids = await raise(gateways[0] as Records, ALARMS)
    expect(ids).toHaveLength(ALARMS)

    const all: Attempt[] = []
    for (const id of ids) {
      const attempts = await reachFor(id, desks)
      oneWon(attempts)
      all.push(...attempts)
    }
    const won = all.filter(({ handled }) => handled.ok)
    const lines = [`all ${told(quantiles(all))}`, `those who won ${told(quantiles(won))}`]
    process.stdout.write(`${ALARMS} alarms × ${OPERATORS} on ${ENGINE}: ${lines.join('; ')}\n`)
    if (FULL > 0 && ENGINE === 'postgres') expect(quantiles(all).p99).toBeLessThan(P99_BAR_MS)

    const { db } = gateways[0] as Records
    const accepts = await db
      .selectFrom('timeline')
      .select('incidentId')
      .where('kind', '=', 'accepted')
      .execute()
    expect(accepts.map(({ incidentId }) => incidentId).sort()).toEqual(ids)
  },
  FULL > 0 ? 600_000 : 60_000,
)
