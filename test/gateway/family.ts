// Two families at a gateway, and what happens to their elders.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { familySchema } from '../../model/family.ts'
import type { Finding } from '../../model/finding.ts'
import type { Telemetry } from '../../model/telemetry.ts'
import { appendTimeline } from '../../records/entries.ts'
import { openSqliteHistory } from '../../workers/history.sqlite.ts'
import { sample } from '../contract/history.entries.ts'
import { type Person, startDesk, type TestDesk } from './desk.ts'

export const MINUTE_MS = 60_000

/** 王秀英, whose daughter has an account, and 李建国, whose son has another. */
export async function startFamily({ withHistory = false } = {}) {
  const history = withHistory ? await newHistory() : undefined
  const desk = await startDesk(history ? { past: { history, partitions: 1 } } : {})
  const admin = await desk.person('admin')
  const add = async (path: string, body: object): Promise<{ id: string }> => {
    const answer = await admin.call('POST', path, body)
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    return answer.body
  }
  const daughter = await desk.person('family')
  const son = await desk.person('family')
  await add('/residents', { id: 'wang', name: '王秀英', gender: 'female', wandering: true })
  await add('/residents', { id: 'li', name: '李建国', gender: 'male' })
  const hers = { residentId: 'wang', name: '王小梅', relation: '女儿', phone: '19900000001', position: 1 }
  await add('/contacts', { id: 'hers', ...hers, userId: daughter.id })
  await add('/contacts', { id: 'near', residentId: 'wang', name: '赵大妈', relation: '邻居', phone: '1' })
  await add('/contacts', { id: 'his', residentId: 'li', name: '李伟', phone: '2', userId: son.id })
  await add('/devices', { id: 'd1', kind: 'watch', protocol: 'mqtt', residentId: 'wang' })
  const look = async (who: Person = daughter) => {
    const { status, body } = await who.call('GET', '/family')
    expect(status, JSON.stringify(body)).toBe(200)
    return familySchema.parse(body)
  }
  const mother = async () => {
    const [elder] = (await look()).items
    if (!elder) throw new Error('she is not there')
    return elder
  }
  const consent = (purpose: string, state: string) =>
    admin.call('POST', '/residents/wang/consents', {
      purpose,
      state,
      by: 'elder',
      how: 'phone',
      textVersion: '1',
    })
  return { desk, admin, daughter, son, history, add, look, mother, consent }
}

async function newHistory() {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-family-'))
  const open = openSqliteHistory({ dataDir })
  onTestFinished(async () => {
    await open.close()
    await rm(dataDir, { recursive: true })
  })
  return open.history
}

export const saying = (at: number, readings: Telemetry) =>
  sample(at, readings, { deviceId: 'd1', receivedAt: at })

/** What a rule has found joins an alarm. */
export function joinFinding(
  { records, clock }: TestDesk,
  incidentId: string,
  detail: Partial<Finding>,
): Promise<void> {
  const entry = { incidentId, kind: 'finding' as const, at: clock.now(), detail }
  return records.db.transaction().execute(tx => appendTimeline(tx, [entry]))
}

export const change = ({ records }: TestDesk, id: string, set: object) =>
  records.db.updateTable('incidents').set(set).where('id', '=', id).execute()
