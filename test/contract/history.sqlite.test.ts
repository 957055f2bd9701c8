import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { openSqliteHistory } from '../../workers/history.sqlite.ts'
import { DAY_MS, type History, type Kept, type LetGo, type RetainLimits } from '../../workers/history.ts'
import { describeHistory } from './history.contract.ts'
import { allKept, entriesOf, message, sample } from './history.entries.ts'

async function makePlace() {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-history-'))
  return {
    dataDir,
    open: () => openSqliteHistory({ dataDir }),
    remove: async () => rmSync(dataDir, { recursive: true }),
  }
}

describeHistory('SQLite', makePlace)

async function readAll(history: History, asked: Parameters<History['read']>[0]): Promise<Kept[]> {
  const all: Kept[] = []
  for await (const some of history.read(asked)) all.push(...some)
  return all
}

/** Everything that may go; how much that was. */
async function letGo(history: History, limits: RetainLimits): Promise<LetGo> {
  const all = { positions: 0, readings: 0 }
  for await (const { positions, readings } of history.retain(limits)) {
    all.positions += positions
    all.readings += readings
  }
  return all
}

async function opened() {
  const place = await makePlace()
  const open = place.open()
  onTestFinished(async () => {
    await open.close()
    await place.remove()
  })
  return { ...open, dataDir: place.dataDir }
}

it('lets go of whole days, and of no other', async () => {
  const { history } = await opened()
  const noon = Date.UTC(2026, 10, 21, 12)
  const all = [0, 1, 2].map(day => sample(noon + day * DAY_MS, { steps: day }))
  await history.write(entriesOf(all))
  const before = noon + DAY_MS + 3_600_000
  const went = await letGo(history, { positionsBefore: before, readingsBefore: before })
  expect(went).toEqual({ positions: 0, readings: 1 })
  const asked = { deviceId: 'd1', type: 'sample', from: noon, to: noon + 9 * DAY_MS } as const
  expect(await readAll(history, asked)).toEqual(all.slice(1))
  await history.write(entriesOf(all.slice(0, 1))) // a day that was let go may come again, late
})

const HOME = { lat: 37.5, lon: 122.1, acc: 12, src: 'gps', datum: 'wgs84' } as const

it('lets go of positions before readings, of messages with them, and of what said nothing else', async () => {
  const { history } = await opened()
  const noon = Date.UTC(2026, 10, 21, 12)
  const samplesOf = (at: number) => [
    sample(at, { loc: HOME, vitals: { hr: 72 }, worn: false }),
    sample(at + 1_000, { loc: HOME, seq: 8 }),
    sample(at + 2_000, { steps: 0 }),
    sample(at, { loc: HOME, battery: 81 }, { deviceId: 'd2' }),
  ]
  const days = [0, 1, 2].map(day => samplesOf(noon + day * DAY_MS))
  await history.write(entriesOf(days.flat()))
  await history.write(entriesOf([0, 2].map(day => message('event', noon + day * DAY_MS, '{"kind":"sos"}'))))
  const limits = { readingsBefore: noon + DAY_MS, positionsBefore: noon + 2 * DAY_MS }
  // Day 0 goes: four samples, three with a position, and its event. Day 1 loses three positions.
  expect(await letGo(history, limits)).toEqual({ positions: 3 + 1 + 3, readings: 4 })
  expect(await letGo(history, limits)).toEqual({ positions: 0, readings: 0 })

  const asked = { deviceId: 'd1', from: noon - DAY_MS, to: noon + 9 * DAY_MS }
  const left = await readAll(history, { ...asked, type: 'sample' })
  const [day1] = samplesOf(noon + DAY_MS)
  const { loc: _, ...blind } = (day1 as ReturnType<typeof sample>).sample
  const kept = [{ ...day1, sample: blind }, days[1]?.[2], ...(days[2]?.slice(0, 3) ?? [])]
  expect(left).toEqual(kept)
  expect(await readAll(history, { ...asked, type: 'event' })).toHaveLength(1)
})

it('looks no further than it is asked to, and goes on behind it; a day that is settled is not looked at again', async () => {
  const { history, dataDir } = await opened()
  const noon = Date.UTC(2026, 10, 21, 12)
  const all = [0, 1, 2, 3].map(day => sample(noon + day * DAY_MS, { loc: HOME, steps: day }))
  await history.write(entriesOf(all))
  const settled = { readingsBefore: noon - DAY_MS, positionsBefore: noon + 17 * DAY_MS }
  for await (const slice of history.retain(settled)) {
    expect(slice).toEqual({ positions: 1, readings: 0 })
    break
  }
  expect(await letGo(history, settled)).toEqual({ positions: 3, readings: 0 })
  const file = new DatabaseSync(join(dataDir, 'history.db'), { readOnly: true })
  const first = Math.floor(noon / DAY_MS)
  expect(file.prepare('SELECT day FROM cleared').all()).toMatchObject([
    { day: first },
    { day: first + 1 },
    { day: first + 2 },
  ])
  file.close()
  // Late, into a day that is not settled.
  await history.write(entriesOf([sample(noon + 3 * DAY_MS + 1, { loc: HOME, steps: 3 })]))
  expect(await letGo(history, settled)).toEqual({ positions: 1, readings: 0 })
  const newest = await history.newest({ deviceId: 'd1', from: noon, to: noon + 4 * DAY_MS })
  expect(newest).toMatchObject({ any: { sample: { steps: 3 } } })
  expect(newest).not.toHaveProperty('fix')
})

it('leaves nothing in its files of what was erased, once they are vacuumed', async () => {
  const { history, dataDir, close } = await opened()
  const noon = Date.UTC(2026, 10, 21, 12)
  const said = (deviceId: string, n: number) => ({
    ...message(
      'event',
      noon + n * 1_000,
      `{"kind":"custom","text":"${deviceId} says ${'救命'.repeat(n % 60)}"}`,
    ),
    deviceId,
  })
  for (let n = 0; n < 400; n++) await history.write(entriesOf([said(n % 3 === 0 ? 'd2' : 'd1', n)]))
  await history.erase([{ deviceId: 'd1', from: noon, to: noon + DAY_MS }])
  await close()
  const db = new DatabaseSync(join(dataDir, 'history.db'))
  db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
  const holding = (text: string) =>
    readdirSync(dataDir).filter(name => readFileSync(join(dataDir, name)).includes(text))
  expect(holding('d2 says')).not.toEqual([])
  expect(holding('d1 says')).toEqual([])
})

it('says that it is away while its file is locked, and goes on afterwards', async () => {
  const { history, dataDir } = await opened()
  const first = sample(Date.UTC(2026, 10, 21, 12), { steps: 1 })
  await history.write(entriesOf([first]))
  const other = new DatabaseSync(join(dataDir, 'history.db'))
  other.exec('BEGIN IMMEDIATE')
  await expect(history.write(entriesOf([first]))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  other.exec('ROLLBACK')
  other.close()
  expect(await history.write(entriesOf([first]))).toEqual(allKept({ sample: 1 }))
})

it('says that it is away where there can be no file, and goes on when there can', async () => {
  const { dataDir } = await makePlace()
  const open = openSqliteHistory({ dataDir: join(dataDir, 'missing') })
  await expect(open.ping()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await expect(open.history.write([])).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await open.close()
  rmSync(dataDir, { recursive: true })
})

/** The nice value of each thread of this process, by thread (`man 5 proc_pid_stat`, field 19). */
function nicenesses(): Map<number, number> {
  const found = new Map<number, number>()
  for (const thread of readdirSync('/proc/self/task')) {
    const stat = statOf(thread)
    if (stat === undefined) continue
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    found.set(Number(thread), Number(fields[16]))
  }
  return found
}

/** Undefined for a thread that has ended since it was listed. */
function statOf(thread: string): string | undefined {
  try {
    return readFileSync(`/proc/self/task/${thread}/stat`, 'latin1')
  } catch (error) {
    if (existsSync(`/proc/self/task/${thread}`)) throw error
    return undefined
  }
}

it.runIf(process.platform === 'linux')('writes when nobody else wants the processor', async () => {
  const before = nicenesses()
  const { ping } = await opened()
  await ping()
  const after = nicenesses()
  const started = [...after].filter(([thread]) => !before.has(thread)).map(([, nice]) => nice)
  expect(started.filter(nice => nice === 19)).toHaveLength(1)
  // Whoever was there is as urgent as ever: the event loop above all.
  for (const [thread, nice] of before) expect(after.get(thread) ?? nice).toBe(nice)
})
