// Every write of the registry goes through here: one transaction, which ends by noting what changed, and
// word to those who follow once it is committed.

import type { RawBuilder } from 'kysely'
import { HubError } from '../model/error.ts'
import { type Records, recordChanges, type Tx, takeTurn } from './db.ts'
import { transact } from './deeds.ts'
import { appendTimeline, type NewEntry } from './entries.ts'
import { isUniqueViolation } from './refusal.ts'
import type { Noun } from './schema.ts'
import { slicesOf } from './slices.ts'

/** Notes that a row of the registry changed, so that followers read it anew. */
export type Changed = (noun: Noun, id: string) => void

/** Notes what came of it for alarms; the entries are appended when all else is written. */
export type Note = (entry: NewEntry) => void

/** What a part of such a write needs of it; `now` is the database's own time. */
export type Writing = { now: RawBuilder<number>; changed: Changed; note: Note }

/** Fields to change; one that is absent or undefined stays as it is. */
export type Change<T> = { [K in keyof T]?: T[K] | undefined }

/**
 * Runs `write` in one transaction, and no other write of the registry meanwhile: what it looked at — an area that
 * is there, a name that is free, nothing that hangs on it — still holds when it commits. Nothing is kept when it
 * throws.
 * @throws HubError CONFLICT when an id or a name is already taken; what `write` throws.
 */
export async function writeRegistry<T>(
  records: Records,
  write: (tx: Tx, changed: Changed, note: Note) => Promise<T>,
): Promise<T> {
  const changes: { noun: Noun; id: string }[] = []
  const entries: NewEntry[] = []
  try {
    const result = await transact(records.db, async tx => {
      await takeTurn(tx, 'changes')
      const written = await write(
        tx,
        (noun, id) => changes.push({ noun, id }),
        entry => entries.push(entry),
      )
      for (const slice of slicesOf(changes)) await recordChanges(tx, slice)
      await appendTimeline(tx, entries)
      return written
    })
    if (changes.length > 0) records.nudge.publish('registry')
    if (entries.length > 0) records.nudge.publish('feed')
    return result
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new HubError('CONFLICT', 'this id or name is already taken', { cause: error })
  }
}

/** The refusal for a row that is not there, archived, or outside the account's areas: they look the same. */
export const notFound = (noun: Noun, id: string): HubError =>
  new HubError('NOT_FOUND', `there is no ${noun} ${id}`)

/** The fields that a change names, without those that are undefined. */
export const given = <T extends object>(change: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

/** A flag as both engines store it; undefined stays undefined. */
export const flag = (value: boolean | undefined): number | undefined =>
  value === undefined ? undefined : Number(value)
