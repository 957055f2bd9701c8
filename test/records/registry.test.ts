import { expect, test } from 'vitest'
import { epochMs } from '../../model/units.ts'
import { createArea, listAreas } from '../../records/areas.ts'
import { lastSeq, type Records } from '../../records/db.ts'
import { archiveDevice, createDevice, getDevice, hashSecret, updateDevice } from '../../records/devices.ts'
import {
  archiveResident,
  createResident,
  getResident,
  type NewResident,
  updateResident,
} from '../../records/residents.ts'
import { areaOfScope, WHOLE_HUB } from '../../records/scope.ts'
import { findSessions, hashToken, SESSION_MS, startSession } from '../../records/sessions.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import { createUser } from '../../records/users.ts'
import { createZone, updateZone } from '../../records/zones.ts'
import { UNSAID } from '../unsaid.ts'
import { testRecords } from './started.ts'

const scope = WHOLE_HUB

const startRecords = () => testRecords({ now: () => epochMs(1_000) })

const area = (records: Records, id: string, parentId = 'root') =>
  createArea(records, { scope, area: { id, parentId, name: id, level: 'street' } })

const resident = (records: Records, id: string, change: Partial<NewResident> = {}) =>
  createResident(records, {
    scope,
    at: 1,
    resident: {
      id,
      areaId: 'root',
      name: id,
      ...UNSAID,
      wandering: false,
      livesAlone: false,
      ...change,
    },
  })

const device = (records: Records, id: string, residentId?: string) =>
  createDevice(records, { scope, at: 10, device: { id, kind: 'watch', protocol: 'mqtt', residentId } })

const periods = (records: Records) =>
  records.db
    .selectFrom('assignments')
    .select(['deviceId', 'residentId', 'fromAt', 'toAt'])
    .orderBy('fromAt')
    .execute()

const changesOf = async (records: Records, write: () => Promise<unknown>) => {
  const before = await lastSeq(records.db, 'changes')
  await write()
  const rows = await records.db.selectFrom('changes').selectAll().where('seq', '>', before).execute()
  return rows.map(({ noun, id }) => `${noun} ${id}`)
}

test('a device has one wearer at a time, and who wore it when is kept', async () => {
  const records = await startRecords()
  await area(records, 'a')
  await resident(records, 'r1', { areaId: 'a' })
  await resident(records, 'r2')
  const { secret } = await device(records, 'd', 'r1')
  const wear = (residentId: string | null, at: number) =>
    updateDevice(records, { scope, id: 'd', change: { residentId }, at })
  expect(await wear('r2', 20)).toMatchObject({ residentId: 'r2', areaId: 'root' })
  await wear('r2', 25) // no change: no new period
  await wear(null, 30)
  expect(await wear('r1', 15)).toMatchObject({ residentId: 'r1', areaId: 'a' }) // the clock was set back
  await archiveDevice(records, { scope, id: 'd', at: 40 })
  expect(await periods(records)).toEqual([
    { deviceId: 'd', residentId: 'r1', fromAt: 10, toAt: 20 },
    { deviceId: 'd', residentId: 'r1', fromAt: 15, toAt: 40 },
    { deviceId: 'd', residentId: 'r2', fromAt: 20, toAt: 30 },
  ])
  expect(await getDevice(records.db, { scope, id: 'd' })).toMatchObject({ residentId: null, archivedAt: 40 })
  const { secretHash } = await records.db.selectFrom('devices').selectAll().executeTakeFirstOrThrow()
  expect(secretHash).toBe(hashSecret(secret))
  expect(secretHash).toMatch(/^[0-9a-f]{64}$/)
})

test('a device that is worn is where its wearer is', async () => {
  const records = await startRecords()
  await area(records, 'a')
  await resident(records, 'r')
  await device(records, 'd', 'r')
  await device(records, 'spare')
  const moved = await changesOf(records, () =>
    updateResident(records, { scope, id: 'r', change: { areaId: 'a' }, at: 2 }),
  )
  expect(moved).toEqual(['device d', 'resident r'])
  expect(await getDevice(records.db, { scope, id: 'd' })).toMatchObject({ areaId: 'a' })
  const place = (id: string, areaId: string) =>
    updateDevice(records, { scope, id, change: { areaId }, at: 2 })
  await expect(place('d', 'root')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect(await place('spare', 'a')).toMatchObject({ areaId: 'a' })
})

test('archiving an elder frees their devices and takes contacts and zones along; old alarms still find them', async () => {
  const records = await startRecords()
  await resident(records, 'r')
  await device(records, 'd', 'r')
  const shape = { circle: { center: [122, 37] as [number, number], radiusM: 300 } }
  const zone = {
    id: 'z',
    name: '家',
    kind: 'safe' as const,
    shape,
    dwellMs: 1,
    residentId: 'r',
    areaId: null,
  }
  await createZone(records, { scope, zone })
  const changes = await changesOf(records, () => archiveResident(records, { scope, id: 'r', at: 50 }))
  expect(changes).toEqual(['device d', 'zone z', 'resident r'])
  expect(await periods(records)).toMatchObject([{ toAt: 50 }])
  expect(await getResident(records.db, { scope, id: 'r' })).toBeUndefined()
  expect(await getResident(records.db, { scope, id: 'r', archived: true })).toMatchObject({ name: 'r' })
})

test('a zone that changes hands tells the followers of both', async () => {
  const records = await startRecords()
  await resident(records, 'r1')
  await resident(records, 'r2')
  const shape = { circle: { center: [122, 37] as [number, number], radiusM: 300 } }
  const zone = {
    id: 'z',
    name: '家',
    kind: 'safe' as const,
    shape,
    dwellMs: 1,
    residentId: 'r1',
    areaId: null,
  }
  await createZone(records, { scope, zone })
  const give = (residentId: string | null, areaId: string | null) => () =>
    updateZone(records, { scope, id: 'z', change: { residentId, areaId } })
  expect(await changesOf(records, give('r2', null))).toEqual(['zone z', 'resident r1'])
  expect(await changesOf(records, give(null, 'root'))).toEqual(['zone z', 'resident r2'])
  await expect(give('r1', 'root')()).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})

test('a write that fails changes nothing and nudges nobody', async () => {
  const records = await startRecords()
  await resident(records, 'r')
  await device(records, 'd', 'r')
  let nudges = 0
  records.nudge.subscribe('registry', () => nudges++)
  const before = await lastSeq(records.db, 'changes')
  await expect(device(records, 'd', 'r')).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(device(records, 'd2', 'nobody')).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    context: { errors: [{ path: 'residentId', message: 'there is no resident nobody' }] },
  })
  expect(await lastSeq(records.db, 'changes')).toBe(before)
  expect(await periods(records)).toHaveLength(1)
  expect(nudges).toBe(0)
})

test('a session is found by its token until it ends, with what its account may see', async () => {
  const records = await startRecords()
  await area(records, 'a')
  const user = {
    id: 'u',
    username: 'li',
    name: '李',
    role: 'operator',
    areaId: 'a',
    passwordHash: 'x',
  } as const
  await createUser(records, { scope, user, at: 1 })
  await startSession(records.db, { token: 'secret', userId: 'u', at: 100 })
  const find = (at: number) => findSessions(records.db, { tokenHashes: [hashToken('secret')], at })
  expect(await find(100 + SESSION_MS - 1)).toMatchObject([{ user: { id: 'u' }, scope: { path: '/root/a/' } }])
  expect(await find(100 + SESSION_MS)).toEqual([])
  await startSession(records.db, { token: 'another', userId: 'u', at: 100 + SESSION_MS }) // sweeps
  expect(await records.db.selectFrom('sessions').selectAll().execute()).toHaveLength(1)
  expect(areaOfScope({ path: '/root/a/' })).toBe('a')
})

test('a snapshot does not see what is written while it reads', async () => {
  const records = await startRecords()
  const read = await readSnapshot(records, async tx => {
    const before = await listAreas(tx, { scope, limit: 10 })
    await area(records, 'a')
    return { before: before.items.length, after: (await listAreas(tx, { scope, limit: 10 })).items.length }
  })
  expect(read).toEqual({ before: 1, after: 1, seq: 0 })
})
