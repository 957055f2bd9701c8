// Whether the audit log is what it was: every row's hash is calculated anew, and the first one that does not follow
// from the one before it is named.

import { hashOfRow } from './audit.ts'
import { type Db, lastSeq } from './db.ts'
import type { Row } from './schema.ts'

/** A place of the log and the hash that stood there, as it was kept elsewhere. */
export type Checkpoint = { seq: number; hash: string }

/**
 * `missing`: this place is not there, but later ones are · `inserted`: there is no such place · `changed`: the row is
 * not what its hash says · `unlinked`: it does not follow the one before it; either of the two was exchanged ·
 * `truncated`: the log ends before this place, which was there once · `uncounted`: nobody has counted this row ·
 * `not_the_checkpoint`: another hash stood here.
 */
export type Fault =
  | 'missing'
  | 'inserted'
  | 'changed'
  | 'unlinked'
  | 'truncated'
  | 'uncounted'
  | 'not_the_checkpoint'

export type Verdict =
  /** `head` is null while the log is empty. */
  { ok: true; rows: number; head: Checkpoint | null } | { ok: false; seq: number; fault: Fault }

const PAGE_ROWS = 1_000

/** Reads all of the log, in pages: rows that are appended meanwhile are looked at, too. */
export async function verifyAudit(
  db: Db,
  { checkpoints = [] }: { checkpoints?: readonly Checkpoint[] } = {},
): Promise<Verdict> {
  const counted = await lastSeq(db, 'audit')
  let head: Checkpoint = { seq: 0, hash: '' }
  for (let rows = await firstRows(db); rows.length > 0; rows = await rowsAfter(db, head.seq)) {
    for (const row of rows) {
      const fault = faultOf(row, { head, checkpoints })
      if (fault) return { ok: false, ...fault }
      head = { seq: row.seq, hash: row.hash }
    }
  }
  const last = Math.max(counted, ...checkpoints.map(({ seq }) => seq))
  if (last > head.seq) return { ok: false, seq: head.seq + 1, fault: 'truncated' }
  const countedNow = await lastSeq(db, 'audit')
  if (countedNow < head.seq) return { ok: false, seq: countedNow + 1, fault: 'uncounted' }
  return { ok: true, rows: head.seq, head: head.seq === 0 ? null : head }
}

type AuditRow = Row<'audit'>

function faultOf(
  row: AuditRow,
  { head, checkpoints }: { head: Checkpoint; checkpoints: readonly Checkpoint[] },
): { seq: number; fault: Fault } | null {
  const { seq } = row
  if (seq <= head.seq) return { seq, fault: 'inserted' }
  if (seq > head.seq + 1) return { seq: head.seq + 1, fault: 'missing' }
  if (hashOfRow(row) !== row.hash) return { seq, fault: 'changed' }
  if (row.prevHash !== head.hash) return { seq, fault: 'unlinked' }
  if (checkpoints.some(kept => kept.seq === seq && kept.hash !== row.hash))
    return { seq, fault: 'not_the_checkpoint' }
  return null
}

/** From wherever they begin: nobody has ever had the place 0. */
const firstRows = (db: Db): Promise<AuditRow[]> => rowsAfter(db, Number.MIN_SAFE_INTEGER)

async function rowsAfter(db: Db, seq: number): Promise<AuditRow[]> {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(PAGE_ROWS)
    .execute()
  return rows.map(row => ({ ...row, seq: Number(row.seq), at: Number(row.at) }))
}

/** The newest place, to be kept elsewhere; null while the log is empty. */
export async function auditHead(db: Db): Promise<Checkpoint | null> {
  const row = await db
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { seq: Number(row.seq), hash: row.hash } : null
}
