import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createPositions, TOLD_AGAIN_COARSE_MS, TOLD_AGAIN_MS } from '../../gateway/positions.ts'
import { POSITIONS_MAX } from '../../gateway/routes/positions.ts'
import { HubError } from '../../model/error.ts'
import { POSITION_AGE_MAX_MS, type Position } from '../../model/position.ts'
import type { Located } from '../../records/positions.ts'
import { openSqliteHistory } from '../../workers/history.sqlite.ts'
import type { History } from '../../workers/history.ts'
import { entriesOf, sample } from '../contract/history.entries.ts'
import { raiseAlarm } from './alarm.ts'
import { startDesk } from './desk.ts'

const MINUTE_MS = 60_000
const loc = { lat: 37.512_345, lon: 122.123_456, acc: 12, src: 'gps' as const }

async function newHistory(): Promise<History> {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-positions-'))
  const open = openSqliteHistory({ dataDir })
  onTestFinished(async () => {
    await open.close()
    await rm(dataDir, { recursive: true })
  })
  return open.history
}

/** Two communities with a band each, a spare band and a gateway that stands at home. */
async function started({ through = history => history }: { through?: (history: History) => History } = {}) {
  const history = await newHistory()
  const desk = await startDesk({ past: { history: through(history), partitions: 1 } })
  const admin = await desk.person('admin')
  const make = async (path: string, body: object) => (await admin.call('POST', path, body)).body
  for (const id of ['north', 'south'])
    await make('/areas', { id, name: id, level: 'community', parentId: 'root' })
  await make('/residents', { id: 'wang', name: '王秀英', areaId: 'north' })
  await make('/residents', { id: 'li', name: '李建国', areaId: 'south' })
  const device = { kind: 'bracelet', protocol: 'mqtt' }
  await make('/devices', { ...device, id: 'd1', residentId: 'wang' })
  await make('/devices', { ...device, id: 'd2', residentId: 'li' })
  await make('/devices', { ...device, id: 'd3', areaId: 'south' })
  await make('/devices', { ...device, id: 'd4', kind: 'gateway', areaId: 'south' })
  desk.clock.advance(60 * MINUTE_MS)
  const supervisor = await desk.person('supervisor')
  const heard = (deviceId: string, ago: number, where = loc) => {
    const at = desk.clock.now() - ago
    return history.write(entriesOf([sample(at, { loc: where }, { deviceId, receivedAt: at })]))
  }
  const asked = async (query = '', who = supervisor) => (await who.call('GET', `/positions${query}`)).body
  return { ...desk, make, admin, supervisor, heard, asked }
}

const ids = ({ items }: { items: Position[] }) => items.map(({ deviceId }) => deviceId)

it('tells the last place of each device in the area, rounded, and nobody’s name', async () => {
  const { heard, asked, clock } = await started()
  await heard('d1', 5 * MINUTE_MS, { ...loc, lat: 37.5 })
  await heard('d1', MINUTE_MS)
  const told = await asked()
  expect(ids(told)).toEqual(['d1', 'd2', 'd3'])
  const at = clock.now() - MINUTE_MS
  expect(told.items[0]).toEqual({
    deviceId: 'd1',
    kind: 'bracelet',
    areaId: 'north',
    alarmId: null,
    fix: { lat: 37.512, lon: 122.123, accuracyM: 110, at, isExact: false },
  })
  expect(told.items[1].fix).toBe(null)
  expect(JSON.stringify(told)).not.toContain('王秀英')
})

it('is exact where an emergency is open, and until it is over', async () => {
  const desk = await started()
  const { heard, asked, records, clock } = desk
  await heard('d1', MINUTE_MS)
  await heard('d2', MINUTE_MS)
  const alarmId = await raiseAlarm(desk, { areaId: 'north', residentId: 'wang' })
  clock.advance(10_000)
  const { items } = await asked()
  expect(items[0]).toMatchObject({
    alarmId,
    fix: { lat: loc.lat, lon: loc.lon, accuracyM: 12, isExact: true },
  })
  expect(items[1]).toMatchObject({ alarmId: null, fix: { isExact: false } })
  expect(ids(await asked('?inAlarm=true'))).toEqual(['d1'])
  await records.db.updateTable('incidents').set({ state: 'resolved' }).execute()
  expect((await asked()).items[0]).toMatchObject({ alarmId: null, fix: { isExact: false } })
})

it('stays within the area that is asked for, and within the account’s', async () => {
  const { asked, person, supervisor } = await started()
  expect(ids(await asked('?area=south'))).toEqual(['d2', 'd3'])
  const ofSouth = await person('supervisor', 'south')
  expect(ids(await asked('', ofSouth))).toEqual(['d2', 'd3'])
  expect((await ofSouth.call('GET', '/positions?area=north')).status).toBe(400)
  expect((await supervisor.call('GET', `/positions?limit=${POSITIONS_MAX + 1}`)).status).toBe(400)
})

it('comes in pages', async () => {
  const { asked } = await started()
  const first = await asked('?limit=2')
  expect(ids(first)).toEqual(['d1', 'd2'])
  const second = await asked(`?limit=2&cursor=${first.next}`)
  expect([ids(second), second.next]).toEqual([['d3'], null])
})

it('leaves out what is older than a day, and what the device said on somebody else’s wrist', async () => {
  const { heard, asked, admin, clock, person } = await started()
  await heard('d2', MINUTE_MS)
  await admin.call('PATCH', '/devices/d2', { residentId: 'wang' })
  clock.advance(MINUTE_MS)
  expect((await asked()).items[1]).toMatchObject({ areaId: 'north', fix: null })
  await heard('d1', MINUTE_MS)
  clock.advance(POSITION_AGE_MAX_MS)
  expect((await asked('', await person('supervisor'))).items[0].fix).toBe(null)
})

it('says so where there is no history', async () => {
  const desk = await startDesk()
  const supervisor = await desk.person('supervisor')
  const { status, body } = await supervisor.call('GET', '/positions')
  expect([status, body.code]).toEqual([409, 'NO_HISTORY'])
})

/** The same history, and what is asked of it. */
function noting() {
  const asked: string[] = []
  const through = (history: History): History => ({
    ...history,
    newest(question) {
      asked.push(`${question.deviceId} ${question.of?.join()}`)
      return history.newest(question)
    },
  })
  const since = (): string[] => asked.splice(0).sort()
  return { through, since }
}

it('asks the history for the place alone, once for all walls, and once a minute where nobody is in need', async () => {
  const { through, since } = noting()
  const desk = await started({ through })
  const { heard, asked, clock, person } = desk
  const other = await person('supervisor')
  await heard('d1', MINUTE_MS)
  await Promise.all([asked(), asked('', other)])
  expect(since()).toEqual(['d1 fix', 'd2 fix', 'd3 fix'])
  clock.advance(0.7 * TOLD_AGAIN_COARSE_MS)
  await asked()
  expect(since()).toEqual([])
  await raiseAlarm(desk, { areaId: 'north', residentId: 'wang' })
  for (const waitMs of [0, TOLD_AGAIN_MS / 2, TOLD_AGAIN_MS]) {
    clock.advance(waitMs)
    await asked()
  }
  expect(since()).toEqual(['d1 fix', 'd1 fix'])
  clock.advance(1.3 * TOLD_AGAIN_COARSE_MS)
  await asked()
  expect(since()).toEqual(['d1 fix', 'd2 fix', 'd3 fix'])
})

it('forgets the place that was read the longest ago when there are more than it remembers', async () => {
  const { through, since } = noting()
  const positions = createPositions({ history: through(await newHistory()), remembered: 2 })
  const look = (at: number, ...devices: string[]) => positions.of(devices.map(located), at)
  await look(0, 'd1', 'd2')
  await look(2 * TOLD_AGAIN_COARSE_MS, 'd1') // anew: now d2 is the older one
  since()
  await look(2 * TOLD_AGAIN_COARSE_MS, 'd3')
  await look(2 * TOLD_AGAIN_COARSE_MS, 'd1', 'd3')
  expect(since()).toEqual(['d3 fix'])
})

const located = (deviceId: string): Located => ({
  deviceId,
  kind: 'bracelet',
  areaId: 'north',
  wornSince: null,
  alarmId: null,
})

it('asks a history that is away a few times, and anew when it is asked again', async () => {
  let isAway = true
  let questions = 0
  const through = (history: History): History => ({
    ...history,
    async newest(question) {
      questions++
      if (isAway) throw new HubError('UNAVAILABLE', 'the history database: no answer')
      return history.newest(question)
    },
  })
  const { make, heard, supervisor } = await started({ through })
  for (let n = 0; n < 40; n++)
    await make('/devices', { id: `spare-${n}`, kind: 'watch', protocol: 'mqtt', areaId: 'south' })
  await heard('d1', MINUTE_MS)
  expect((await supervisor.call('GET', '/positions')).status).toBe(503)
  expect(questions).toBeLessThan(20)
  isAway = false
  const { body } = await supervisor.call('GET', '/positions')
  expect(body.items.filter(({ fix }: Position) => fix !== null)).toHaveLength(1)
})
