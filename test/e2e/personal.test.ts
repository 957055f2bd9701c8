// One elder in a whole hub: what their wearable says is handed out, erased, and erased again when it comes late.

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import type { Erasure } from '../../model/personal.ts'
import { signIn } from '../desk.ts'
import { eventually } from '../eventually.ts'
import { PASSWORD } from '../hub-process.ts'
import { startTestHub } from './hub.ts'

const MARK = 'Mxq7ELDER'
const HOUR_MS = 3_600_000
const WITHIN = { timeout: 30_000, interval: 100 }

/** How many samples of the device the history has. */
function samplesIn(dataDir: string): number {
  const db = new DatabaseSync(join(dataDir, 'history.db'), { readOnly: true })
  try {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'sample_%'").all()
    const counts = tables.map(({ name }) =>
      Number(db.prepare(`SELECT count(*) AS n FROM ${name} WHERE device = 'd1'`).get()?.n),
    )
    return counts.reduce((sum, count) => sum + count, 0)
  } finally {
    db.close()
  }
}

/** Which database still holds the text, in a copy of what it has: as a backup is made of it. */
function databasesWith(dataDir: string, text: string): string[] {
  return ['records.db', 'history.db'].filter(name => {
    const copy = join(dataDir, `copy-${randomUUID()}.db`)
    const db = new DatabaseSync(join(dataDir, name), { readOnly: true })
    db.exec(`VACUUM INTO '${copy}'`)
    db.close()
    return readFileSync(copy).includes(text)
  })
}

test('exported whole, erased whole, and not brought back by what comes late', {
  timeout: 120_000,
}, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-personal-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const hub = await startTestHub({ DATA_DIR: dataDir })
  const { desk } = hub
  await desk.must('POST', '/residents', { id: 'r1', name: MARK, address: `${MARK} 3`, areaId: 'root' })
  await desk.must('POST', '/contacts', { residentId: 'r1', name: `${MARK} 女儿`, phone: '13900005678' })
  const secret = await desk.register('d1', 'r1')
  const device = await hub.connect('d1', secret)
  const say = (topic: string, body: object) =>
    device.publishAsync(`hub/v1/d1/${topic}`, JSON.stringify(body), { qos: 1 })
  hub.advance(1_000)
  const wornAt = Date.now() + 1_000
  await say('telemetry', { vitals: { hr: 77 }, loc: { lat: 37.51, lon: 122.12, acc: 5 }, battery: 50 })
  await say('event', { kind: 'sos', text: `${MARK} 救命` })
  const { alarm } = await hub.feed.waitFor(({ alarm }) => alarm.kind === 'sos')
  await desk.must('POST', `/alarms/${alarm.id}/accept`, {})
  await desk.must('POST', `/alarms/${alarm.id}/note`, { text: `${MARK} 的女儿在路上` })
  await desk.must('POST', `/alarms/${alarm.id}/resolve`, { disposition: 'helped_at_home' })
  await eventually(() => expect(samplesIn(dataDir)).toBe(1), WITHIN)

  const archive = await fetch(`${hub.httpUrl}/api/v1/residents/r1/export`, {
    method: 'POST',
    headers: { authorization: `Bearer ${desk.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'elder_asked' }),
  })
  const lines = (await archive.text())
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(lines.at(-1)).toMatchObject({ kind: 'end' })
  expect(lines.filter(({ kind }) => kind === 'sample')).toMatchObject([{ sample: { vitals: { hr: 77 } } }])
  expect(JSON.stringify(lines)).toContain(`${MARK} 救命`)

  expect(databasesWith(dataDir, MARK)).toEqual(['records.db', 'history.db'])
  hub.advance(HOUR_MS)
  await desk.must('PATCH', '/devices/d1', { residentId: null })
  const asked = { reason: 'elder_asked', confirm: MARK }
  await desk.must('POST', '/residents/r1/erasure', asked)
  let { must } = desk
  const erasure = async () => (await must<{ erasure: Erasure }>('GET', '/residents/r1/erasure')).erasure
  await eventually(async () => expect((await erasure()).state).toBe('settling'), WITHIN)
  expect(samplesIn(dataDir)).toBe(0)
  expect(databasesWith(dataDir, MARK)).toEqual([])

  // The device finds a network again, and sends what it has kept of that time.
  await say('telemetry', { ts: wornAt + 60_000, vitals: { hr: 78 }, battery: 49 })
  await eventually(() => expect(samplesIn(dataDir)).toBe(1), WITHIN)
  await must('POST', '/residents/r1/erasure', asked)
  await eventually(() => expect(samplesIn(dataDir)).toBe(0), WITHIN)

  hub.advance(8 * 24 * HOUR_MS)
  must = (await signIn(hub.httpUrl, { password: PASSWORD })).must
  await eventually(async () => {
    await must('POST', '/residents/r1/erasure', asked)
    expect((await erasure()).state).toBe('done')
  }, WITHIN)
  expect(databasesWith(dataDir, MARK)).toEqual([])
})
