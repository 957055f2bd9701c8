// Whether the audit log is what it was: every row's hash is calculated anew, and the first one that does not follow
// from the one before it is named.

import type { AuditCheck, AuditFault, Checkpoint } from '../model/audit.ts'
import { hashOfRow } from './audit.ts'
import { type Db, lastSeq } from './db.ts'
import type { Row } from './schema.ts'

export type Verdict =
  /** `head` is null while the log is empty. */
  { ok: true; rows: number; head: Checkpoint | null } | { ok: false; seq: number; fault: AuditFault }

const PAGE_ROWS = 1_000

/** Before the first place. */
const BEGINNING: Checkpoint = { seq: 0, hash: '' }

/** Reads all of the log, in pages: rows that are appended meanwhile are looked at, too. */
export async function verifyAudit(
  db: Db,
  { checkpoints = [] }: { checkpoints?: readonly Checkpoint[] } = {},
): Promise<Verdict> {
  const part = await verifyPart(db, { checkpoints })
  return part.ok ? { ok: true, rows: part.head?.seq ?? 0, head: part.head } : part
}

type Asked = { checkpoints?: readonly Checkpoint[]; after?: Checkpoint | undefined; rowsMax?: number }

/** The same from a place on that is known to be right, and no further than `rowsMax` rows, in whole pages. */
export async function verifyPart(
  db: Db,
  { checkpoints = [], after = BEGINNING, rowsMax = Number.POSITIVE_INFINITY }: Asked,
): Promise<AuditCheck> {
  const counted = await lastSeq(db, 'audit')
  let head = after
  let rows = 0
  let from: number | null = null
  let to: number | null = null
  const checked = (isEnd: boolean): AuditCheck => ({
    ok: true,
    rows,
    from,
    to,
    head: head.seq === 0 ? null : head,
    isEnd,
  })
  for (let page = await rowsAfter(db, head); page.length > 0; page = await rowsAfter(db, head)) {
    for (const row of page) {
      const fault = faultOf(row, { head, checkpoints })
      if (fault) return { ok: false, ...fault }
      head = { seq: row.seq, hash: row.hash }
      from ??= row.at
      to = row.at
    }
    rows += page.length
    if (rows >= rowsMax) return checked(false)
  }
  const last = Math.max(counted, ...checkpoints.map(({ seq }) => seq))
  if (last > head.seq) return { ok: false, seq: head.seq + 1, fault: 'truncated' }
  const countedNow = await lastSeq(db, 'audit')
  if (countedNow < head.seq) return { ok: false, seq: countedNow + 1, fault: 'uncounted' }
  return checked(true)
}

type AuditRow = Row<'audit'>

function faultOf(
  row: AuditRow,
  { head, checkpoints }: { head: Checkpoint; checkpoints: readonly Checkpoint[] },
): { seq: number; fault: AuditFault } | null {
  const { seq } = row
  if (seq <= head.seq) return { seq, fault: 'inserted' }
  if (seq > head.seq + 1) return { seq: head.seq + 1, fault: 'missing' }
  if (hashOfRow(row) !== row.hash) return { seq, fault: 'changed' }
  if (row.prevHash !== head.hash) return { seq, fault: 'unlinked' }
  if (checkpoints.some(kept => kept.seq === seq && kept.hash !== row.hash))
    return { seq, fault: 'not_the_checkpoint' }
  return null
}

/** After the beginning: from wherever they begin, for nobody has ever had the place 0. */
async function rowsAfter(db: Db, { seq }: Checkpoint): Promise<AuditRow[]> {
  const place = seq === 0 ? Number.MIN_SAFE_INTEGER : seq
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('seq', '>', place)
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
