// What a check of the whole log has come to (pure): the hub looks at so many rows at once, and is asked until the end.

import type { AuditCheck, AuditFault, Checkpoint } from '../../model/audit.ts'

export type Checked =
  | { is: 'going'; rows: number; from: number | null; to: number | null; after: Checkpoint }
  /** `from` and `to`: when the first and the last row were written; null where there is none. */
  | { is: 'whole'; rows: number; from: number | null; to: number | null }
  | { is: 'broken'; seq: number; fault: AuditFault }

/** `before`: what the parts before have come to; undefined at the first. */
export function checkedAfter(before: Checked | undefined, part: AuditCheck): Checked {
  if (!part.ok) return { is: 'broken', seq: part.seq, fault: part.fault }
  const gone = before?.is === 'going' ? before : { rows: 0, from: null, to: null }
  const rows = gone.rows + part.rows
  const from = gone.from ?? part.from
  const to = part.to ?? gone.to
  if (part.isEnd || part.head === null) return { is: 'whole', rows, from, to }
  return { is: 'going', rows, from, to, after: part.head }
}
