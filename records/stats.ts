// What all figures have in common: whose alarms are counted, in which time, and by which local days. Every figure is
// asked of `deskOf`, which applies the scope: none can be counted without it.

import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { DailySpread, Spread, Spreads } from '../model/figures.ts'
import type { EntryKind, IncidentClass } from '../model/incident.ts'
import { DAY_MS, nameOfDay, offsetsWithin } from '../model/local-days.ts'
import type { Db } from './db.ts'
import { isPostgres } from './engine.ts'
import { inScope, type Scope, underArea } from './scope.ts'

/** Whose figures: this area and everything below it, as far as the scope goes. */
export type Whose = { scope: Scope; areaId: string }

/** From `from` (included) to `to` (not), epoch ms; days go by `timeZone`. `now` is when it is asked. */
export type Asked = Whose & { from: number; to: number; timeZone: string; now: number }

/** An alarm is with somebody from here on: they said that they have it. */
export const ANSWERS = ['accepted', 'taken_over', 'handed_on', 'reopened'] as const satisfies EntryKind[]

/** SQL condition on an area's id: the asked subtree, within the scope. */
export const whereAsked = ({ scope, areaId }: Whose, column: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`(${inScope(scope, sql.ref(column))} and ${underArea(areaId, sql.ref(column))})`

/** The incidents of the asked subtree, as a table to select from. */
export const deskOf = (whose: Whose, classes?: readonly IncidentClass[]): RawBuilder<unknown> =>
  sql`(select * from incidents where ${whereAsked(whose, 'area_id')}
    and ${classes === undefined ? sql`1 = 1` : sql`class in (${words(classes)})`})`

/** Names of the model, written into the statement: they hold no quotes. */
export const words = (names: readonly string[]): RawBuilder<unknown> =>
  sql.join(names.map(name => sql.lit(name)))

/**
 * SQL condition for entries of timelines that are found by their alarm: without the `coalesce` the embedded engine takes
 * the index of kinds, and reads the entries of all alarms there ever were.
 */
export const isOneOf = (column: string, names: readonly string[]): RawBuilder<SqlBool> =>
  sql<SqlBool>`coalesce(${sql.ref(column)}, '') in (${words(names)})`

// Whole numbers are written into statements as well: bound ones are fractions to SQLite, and so is what is
// calculated from them.

/** SQL condition: a time lies in the span. */
export const within = (column: string, { from, to }: { from: number; to: number }): RawBuilder<SqlBool> =>
  sql<SqlBool>`(${sql.ref(column)} >= ${sql.lit(from)} and ${sql.ref(column)} < ${sql.lit(to)})`

/** SQL: the number of the local day of a time, since 1970. */
export function localDay(column: string, asked: Asked): RawBuilder<number> {
  const [first, ...later] = offsetsWithin(asked).toReversed()
  const offsetMs = later.reduce<RawBuilder<unknown>>(
    (otherwise, offset) =>
      sql`case when ${sql.ref(column)} < ${sql.lit(offset.until)} then ${sql.lit(offset.offsetMs)} else ${otherwise} end`,
    sql.lit(first?.offsetMs ?? 0),
  )
  return sql<number>`((${sql.ref(column)} + ${offsetMs}) / ${sql.lit(DAY_MS)})`
}

/** SQL: a text of a column that holds JSON. */
export const jsonText = (db: Db, column: string, name: string): RawBuilder<string | null> =>
  isPostgres(db)
    ? sql`(${sql.ref(column)}::json ->> ${sql.lit(name)})`
    : sql`json_extract(${sql.ref(column)}, ${sql.lit(`$.${name}`)})`

/** Stands for all days together. */
const TOTAL = -1

type SpreadRow = Record<string, number | null> & { day: number; count: number; done: number }

/**
 * How long it took, by day and in total. `rows` is a query of `day`, `took_ms` — null when it was not done — and
 * `waited_ms`, which says how long it has been waited for then; null where nobody waits any more. Percentiles are by
 * nearest rank: each is one of the times.
 */
export async function spreadOf(
  db: Db,
  rows: RawBuilder<unknown>,
  limitsMs: readonly number[],
): Promise<Spreads> {
  const limits = limitsMs.map((limitMs, index) => withinLimit(sql.lit(limitMs), index))
  const found = await sql<SpreadRow>`
    with each_one as (${rows}),
    counted as (
      select ${sql.lit(TOTAL)} as day, took_ms, waited_ms from each_one
      union all select day, took_ms, waited_ms from each_one),
    ranked as (
      select day, took_ms, waited_ms,
        row_number() over (
          partition by day order by case when took_ms is null then 1 else 0 end, took_ms) as place,
        count(took_ms) over (partition by day) as taken
      from counted)
    select day, count(*) as count, count(took_ms) as done,
      max(case when place = (taken + 1) / 2 then took_ms end) as median_ms,
      max(case when place = (9 * taken + 9) / 10 then took_ms end) as p90_ms,
      ${sql.join(limits)}
    from ranked group by day order by day`.execute(db)
  const all = found.rows.map(row => ({ number: Number(row.day), ...toSpread(row, limitsMs) }))
  const days = all.filter(({ number }) => number !== TOTAL)
  const [total] = all.filter(({ number }) => number === TOTAL)
  return { total: withoutNumber(total) ?? emptySpread(limitsMs), days: days.map(toDay) }
}

const withinLimit = (limit: RawBuilder<unknown>, index: number): RawBuilder<unknown> => sql`
  sum(case when took_ms <= ${limit} then 1 else 0 end) as ${sql.ref(`in${index}`)},
  sum(case when took_ms is not null or waited_ms > ${limit} then 1 else 0 end) as ${sql.ref(`of${index}`)}`

type Numbered = Spread & { number: number }

const withoutNumber = (found: Numbered | undefined): Spread | undefined => {
  if (!found) return undefined
  const { number: _, ...spread } = found
  return spread
}

const toDay = ({ number, ...spread }: Numbered): DailySpread => ({ day: nameOfDay(number), ...spread })

function toSpread(row: SpreadRow, limitsMs: readonly number[]): Spread {
  return {
    count: Number(row.count),
    done: Number(row.done),
    medianMs: numberOrNull(row.medianMs),
    p90Ms: numberOrNull(row.p90Ms),
    within: limitsMs.map((limitMs, index) => {
      const [count, of] = [Number(row[`in${index}`]), Number(row[`of${index}`])]
      return { limitMs, count, of, share: shareOf(count, of) }
    }),
  }
}

const emptySpread = (limitsMs: readonly number[]): Spread => ({
  count: 0,
  done: 0,
  medianMs: null,
  p90Ms: null,
  within: limitsMs.map(limitMs => ({ limitMs, count: 0, of: 0, share: null })),
})

const numberOrNull = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Number(value)

/** Null where there is nothing to divide by. */
export const shareOf = (count: number, of: number): number | null => (of === 0 ? null : count / of)
