// How the engines go about lists that grow for years: a page is read from the end of an index, and no table is sorted whole
// for it.

import { ExplainNode, type KyselyPlugin, sql, type UnknownRow } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { ROOT_AREA_ID } from '../../model/area.ts'
import { epochMs } from '../../model/units.ts'
import { listAudit } from '../../records/audit.ts'
import type { Db, Records } from '../../records/db.ts'
import { listAlarms } from '../../records/incidents.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { ENGINE, newRecords } from './started.ts'

let records: Records

beforeAll(async () => {
  records = await newRecords({ now: () => epochMs(0) })
  await fill(records.db)
  return () => records.close()
})

const whole = { scope: WHOLE_HUB, limit: 50 }

test.each<[what: string, table: string, ask: (db: Db, cursor?: string) => Promise<{ next: string | null }>]>([
  ['all alarms', 'incidents', (db, cursor) => listAlarms(db, { ...whole, cursor })],
  ['closed ones', 'incidents', (db, cursor) => listAlarms(db, { ...whole, state: 'closed', cursor })],
  ['the audit log', 'audit', (db, cursor) => listAudit(db, { ...whole, cursor })],
])('a page of %s: %s is read from its newest', async (_what, table, ask) => {
  const { next } = await ask(records.read)
  expect(next).not.toBe(null)
  for (const cursor of [undefined, next ?? '']) {
    const lines: string[] = []
    await ask(records.read.withPlugin(explaining(lines)), cursor)
    expect(lines.filter(line => line.includes(table))).not.toEqual([])
    expect(lines.filter(line => WHOLE.test(line))).toEqual([])
  }
})

/** A sort of everything, and not of those alone that have the same time. */
const WHOLE = /^\W*Sort$|Seq Scan on (incidents|audit)|SCAN (incidents|audit)$|B-TREE FOR ORDER BY/

/** Has the engine say how it would go about each query, in place of doing it. */
const explaining = (lines: string[]): KyselyPlugin => ({
  transformQuery({ node }) {
    const how = ENGINE === 'sqlite' ? sql`query plan` : sql`costs off`
    return { ...node, explain: ExplainNode.create(undefined, how.toOperationNode()) }
  },
  async transformResult({ result }) {
    lines.push(...result.rows.map(saidIn))
    return { ...result, rows: [] }
  },
})

const saidIn = (row: UnknownRow): string => String(row.detail ?? Object.values(row)[0])

const ROWS = 20_000

/** Years of a small centre, and what the engine has counted of them. */
async function fill(db: Db): Promise<void> {
  const n = ENGINE === 'sqlite' ? sql`value` : sql`n`
  const from =
    ENGINE === 'sqlite'
      ? sql`from (with recursive s(value) as (select 1 union all select value + 1 from s where value < ${ROWS}) select value from s)`
      : sql`from generate_series(1, ${ROWS}) as s(n)`
  await sql`insert into incidents (id, class, state, severity, kind, subject_type, subject_id, subject_name, area_id,
      device_id, raised_at, alerted_at, late_ms, escalation, conditions_json, findings, seq)
    select 'inc_' || ${n}, 'emergency', 'closed', 'critical', 'sos', 'device', 'b' || ${n}, '', ${sql.lit(ROOT_AREA_ID)},
      'b' || ${n}, ${n}, ${n}, 0, 0, '[]', 1, ${n} ${from}`.execute(db)
  await sql`insert into audit (seq, at, action, area_id, prev_hash, hash)
    select ${n}, ${n}, 'sign_in', ${sql.lit(ROOT_AREA_ID)}, '', '' ${from}`.execute(db)
  if (ENGINE === 'postgres') await sql`analyze incidents, audit, areas, users`.execute(db)
}
