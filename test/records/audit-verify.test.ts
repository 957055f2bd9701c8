// `npm run -s audit:verify` beside an open hub, on either engine.

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { expect, inject, onTestFinished, test } from 'vitest'
import { appendAudit } from '../../records/audit.ts'
import { auditHead } from '../../records/audit-chain.ts'
import { openRecords, type Records } from '../../records/db.ts'
import { startNudge } from '../../records/nudge.ts'
import { openPostgresRecords } from '../../records/postgres.ts'
import { testClock, testLog } from '../gateway/desk.ts'
import { query } from '../servers/postgres.ts'

const PROGRAM = fileURLToPath(new URL('../../programs/audit-verify.ts', import.meta.url))

type Opened = { records: Records; env: Record<string, string>; dir: string }

async function open(): Promise<Opened> {
  const dir = await mkdtemp(join(tmpdir(), 'anxin-audit-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const serverUrl = inject('postgresUrl')
  if (!serverUrl) {
    const records = await openRecords({ dataDir: dir, clock: testClock(), nudge: startNudge() })
    onTestFinished(records.close)
    return { records, env: { DATA_DIR: dir }, dir }
  }
  const name = `audit_${process.pid}_${Math.trunc(performance.now())}`
  await query(serverUrl, `create database ${name} template ground strategy file_copy`)
  const url = serverUrl.replace(/postgres$/, name)
  const records = await openPostgresRecords({ url, nudge: startNudge(), log: testLog() })
  onTestFinished(async () => {
    await records.close()
    await query(serverUrl, `drop database ${name} with (force)`)
  })
  return { records, env: { DATABASE_URL: url }, dir }
}

async function append({ db }: Records, count: number): Promise<void> {
  for (let at = 1; at <= count; at++)
    await db.transaction().execute(tx => appendAudit(tx, { at, actorId: 'user_1', action: 'POST /zones' }))
}

/** Half of a file of a hub's log, with lines of other things. */
const logged = (seq: number, hash: string): string =>
  `${JSON.stringify({ level: 'info', msg: 'listening' })}\n${JSON.stringify({ level: 'info', auditSeq: seq, auditHash: hash, msg: 'audit checkpoint' })}\n`

function verify(env: Record<string, string>, ...options: string[]) {
  return new Promise<{ status: number; said: string }>(resolve => {
    const { PATH } = process.env
    execFile(process.execPath, [PROGRAM, ...options], { env: { PATH, ...env } }, (error, stdout, stderr) =>
      resolve({ status: Number(error?.code ?? 0), said: stdout + stderr }),
    )
  })
}

test('what is whole, and what was done to it, also with the counter set back', async () => {
  const { records, env, dir } = await open()
  await append(records, 5)
  const head = await auditHead(records.read)
  const whole = await verify(env)
  expect(whole).toEqual({
    status: 0,
    said: `audit log: 5 rows, each follows from the one before it; the newest is ${head?.seq}:${head?.hash}\n`,
  })
  const log = join(dir, 'hub.log')
  await writeFile(log, logged(head?.seq ?? 0, head?.hash ?? ''))
  expect((await verify(env, '--checkpoints', log)).status).toBe(0)

  await (inject('postgresUrl')
    ? sql`alter table audit disable trigger user`
    : sql`drop trigger audit_no_delete`
  ).execute(records.db)
  await sql`delete from audit where seq > 3`.execute(records.db)
  expect(await verify(env)).toEqual({
    status: 1,
    said: 'audit log: row 4 is missing, and so is all that came after it: the end was cut off\n',
  })
  await sql`update counters set value = 3 where name = 'audit'`.execute(records.db)
  expect((await verify(env)).status).toBe(0)
  expect(await verify(env, '--checkpoints', log)).toEqual({
    status: 1,
    said: expect.stringContaining('row 4 is missing'),
  })
  expect(await verify(env, '--checkpoint', `3:${'0'.repeat(64)}`)).toEqual({
    status: 1,
    said: expect.stringContaining('row 3 has another hash'),
  })
})

test('what it cannot read, and what it does not understand', async () => {
  const nowhere = await verify({ DATA_DIR: join(tmpdir(), 'anxin-nowhere') })
  expect(nowhere.status).toBe(2)
  expect(nowhere.said).toContain('set DATA_DIR or DATABASE_URL')
  const garbled = await verify({}, '--checkpoint', 'yesterday')
  expect(garbled).toMatchObject({ status: 2 })
  expect(garbled.said).toContain('usage:')
})
