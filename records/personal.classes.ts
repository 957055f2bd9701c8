// How a table with personal data is told: what its columns are, which rows are somebody's, what an erasure leaves.

import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Span, Whose } from './personal.ts'
import type { Row, Tables } from './schema.ts'

export type TableName = keyof Tables
/**
 * `id` names a row, and says nothing of anybody by itself · `fact`: a time, a count or a word of the hub's own; stays ·
 * `personal`: exported, and erased · `secret`: erased with the rest, never exported.
 */
export type ColumnClass = 'id' | 'fact' | 'personal' | 'secret'

export type Condition = RawBuilder<SqlBool>

export type PersonalTable<T extends TableName> = {
  columns: Readonly<Record<keyof Row<T>, ColumnClass>>
  /** What pages of its rows are ordered by, and rows are changed by. */
  key: readonly (keyof Row<T> & string)[]
  /** Its rows that are about somebody. */
  about(whose: Whose): Condition
  /** `deleted`, `kept` as it is, or what its columns become. `isLast`: nothing can come any more. */
  erased: 'deleted' | 'kept' | ((row: Row<T>, left: { isLast: boolean; whose: Whose }) => Partial<Row<T>>)
}

export const ofResident = ({ residentId }: Whose): Condition => sql`resident_id = ${residentId}`
export const theirIncidents = ({ residentId }: Whose) =>
  sql`(select i.id from incidents i where i.subject_type = 'resident' and i.subject_id = ${residentId})`
export const ofIncident = (whose: Whose): Condition => sql`incident_id in ${theirIncidents(whose)}`
export const theirContacts = ({ residentId }: Whose) =>
  sql`(select c.id from contacts c where c.resident_id = ${residentId})`

export const either = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0 ? sql`1 = 0` : sql`(${sql.join(conditions, sql` or `)})`
export const within = (
  spans: readonly Span[],
  { device, at }: { device: RawBuilder<unknown>; at: RawBuilder<unknown> },
): Condition =>
  either(
    spans.map(
      ({ deviceId, from, to }) => sql`(${device} = ${deviceId} and ${at} >= ${from} and ${at} < ${to})`,
    ),
  )
