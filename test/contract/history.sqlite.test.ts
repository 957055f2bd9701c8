import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { openSqliteHistory } from '../../workers/history.sqlite.ts'
import { DAY_MS } from '../../workers/history.ts'
import { describeHistory } from './history.contract.ts'
import { allKept, entriesOf, sample } from './history.entries.ts'

async function makePlace() {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-history-'))
  return {
    dataDir,
    open: () => openSqliteHistory({ dataDir }),
    remove: async () => rmSync(dataDir, { recursive: true }),
  }
}

describeHistory('SQLite', makePlace)

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
  await history.retain(noon + DAY_MS + 3_600_000)
  const left = []
  for await (const some of history.read({
    deviceId: 'd1',
    type: 'sample',
    from: noon,
    to: noon + 9 * DAY_MS,
  }))
    left.push(...some)
  expect(left).toEqual(all.slice(1))
  await history.write(entriesOf(all.slice(0, 1))) // a day that was let go may come again, late
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
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    found.set(Number(thread), Number(fields[16]))
  }
  return found
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
