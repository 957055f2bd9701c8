// Whose data it is that is exported or erased: an elder, what they wore and when, and numbers that are theirs alone.

import { DEVICE_TIME_PAST_MS } from '../model/time.ts'
import type { Db } from './db.ts'

/** A device on their wrist; `from` is in, `to` is not; epoch ms. */
export type Span = { deviceId: string; from: number; to: number }

export type Whose = {
  residentId: string
  spans: readonly Span[]
  /** Telephone numbers, in one form, by which nobody else is known. */
  numbers: readonly string[]
}

/** What they wore, from the registry; an open period ends at `now`. */
export async function spansOf(
  db: Db,
  { residentId, now }: { residentId: string; now: number },
): Promise<Span[]> {
  const rows = await db
    .selectFrom('assignments')
    .select(['deviceId', 'fromAt', 'toAt'])
    .where('residentId', '=', residentId)
    .orderBy('fromAt')
    .orderBy('id')
    .execute()
  return rows.map(({ deviceId, fromAt, toAt }) => ({
    deviceId,
    from: Number(fromAt),
    to: toAt === null ? now : Number(toAt),
  }))
}

/**
 * The same with what a device may say of that time afterwards: a wearable that was off sends what it kept, and a time
 * that lies too far back is not believed and becomes that of the receipt. As far as nobody else wears it by then.
 */
export async function withLateArrivals(db: Db, spans: readonly Span[]): Promise<Span[]> {
  const late: Span[] = []
  for (const { deviceId, from, to } of spans) {
    const next = await db
      .selectFrom('assignments')
      .select(e => e.fn.min('fromAt').as('fromAt'))
      .where('deviceId', '=', deviceId)
      .where('fromAt', '>=', to)
      .executeTakeFirst()
    const until = to + DEVICE_TIME_PAST_MS
    late.push({ deviceId, from, to: next?.fromAt == null ? until : Math.min(until, Number(next.fromAt)) })
  }
  return late
}

/** Numbers of the elder and of their contacts, without those by which anybody else in the registry is known. */
export async function ownNumbers(db: Db, residentId: string): Promise<string[]> {
  const own = await db
    .selectFrom('residents')
    .select('number')
    .where('id', '=', residentId)
    .union(db.selectFrom('contacts').select('number').where('residentId', '=', residentId))
    .execute()
  const numbers = own.flatMap(({ number }) => number ?? [])
  if (numbers.length === 0) return []
  const others = await db
    .selectFrom('residents')
    .select('number')
    .where('id', '!=', residentId)
    .where('number', 'in', numbers)
    .union(
      db
        .selectFrom('contacts')
        .select('number')
        .where('residentId', '!=', residentId)
        .where('number', 'in', numbers),
    )
    .execute()
  const shared = new Set(others.map(({ number }) => number))
  return numbers.filter(number => !shared.has(number))
}
