// All that is kept of one elder as lines of JSON (docs/privacy.md has their shapes): rows of every table, then what their
// wearables said. It is read in pages and written as it is read; whoever is cut off misses the last line.

import { EXPORT_VERSION } from '../model/personal.ts'
import type { Db } from '../records/db.ts'
import { erasureOf, spansIn } from '../records/erasures.ts'
import { PERSONAL_NAMES, personalRows, type SomeRow, tableOf } from '../records/personal.rows.ts'
import type { PersonalName } from '../records/personal.table.ts'
import { ownNumbers, type Span, spansOf, type Whose } from '../records/personal.ts'
import type { History, Kept, KeptType } from '../workers/history.ts'

export type ArchiveOf = { residentId: string; now: number }

/** Lines of the archive, each with its line end. `history` is undefined where the hub keeps none. */
export async function* personalArchive(
  { db, history }: { db: Db; history: Pick<History, 'read'> | undefined },
  { residentId, now }: ArchiveOf,
): AsyncGenerator<string> {
  const whose = await whoseOf(db, { residentId, now })
  let lines = 1
  yield lineOf({ kind: 'archive', version: EXPORT_VERSION, residentId, at: now, tables: PERSONAL_NAMES })
  for (const name of PERSONAL_NAMES) {
    for await (const rows of personalRows(db, name, whose)) {
      lines += rows.length
      yield rows.map(row => lineOf({ kind: 'row', table: name, row: shown(name, row) })).join('')
    }
  }
  if (history) {
    for await (const some of keptOf(history, whose.spans)) {
      lines += some.length
      yield some.map(kept => lineOf(lineFor(kept))).join('')
    }
  } else {
    lines++
    yield lineOf({ kind: 'left_out', what: 'history', reason: 'NO_HISTORY' })
  }
  yield lineOf({ kind: 'end', lines: lines + 1 })
}

const lineOf = (value: object): string => `${JSON.stringify(value)}\n`

/** A time that is still to come belongs to nobody; a device's clock that is ahead by a little is believed. */
const AHEAD_MS = 24 * 3_600_000

/** An elder whose erasure is under way wears nothing any more: what they wore stands there. */
async function whoseOf(db: Db, { residentId, now }: ArchiveOf): Promise<Whose> {
  const erasure = await erasureOf(db, residentId)
  const worn = await spansOf(db, { residentId, now: now + AHEAD_MS })
  const spans = [...(erasure ? spansIn(erasure) : []), ...worn]
  return { residentId, spans, numbers: await ownNumbers(db, residentId) }
}

/** JSON within the columns is told as what it is; what is secret is not told. */
function shown(name: PersonalName, row: SomeRow): SomeRow {
  const { columns } = tableOf(name)
  const left = Object.entries(row).filter(([column]) => (columns[column] ?? 'secret') !== 'secret')
  return Object.fromEntries(
    left.map(([column, value]) => (column.endsWith('Json') ? parsed(column, value) : [column, value])),
  )
}

function parsed(column: string, value: unknown): [string, unknown] {
  const name = column.slice(0, -'Json'.length)
  try {
    return [name, typeof value === 'string' ? JSON.parse(value) : value]
  } catch {
    return [name, value] // as it is stored: an archive leaves nothing out
  }
}

const TYPES: readonly KeptType[] = ['sample', 'event', 'motion']

async function* keptOf(
  history: Pick<History, 'read'>,
  spans: readonly Span[],
): AsyncGenerator<readonly Kept[]> {
  for (const span of spans) for (const type of TYPES) yield* history.read({ ...span, type })
}

function lineFor(kept: Kept): object {
  const { type: kind, deviceId, at, receivedAt } = kept
  if (kept.type === 'sample') return { kind, deviceId, at, receivedAt, sample: kept.sample }
  const bytes = Buffer.from(kept.payload)
  const text = bytes.toString()
  const isText = Buffer.from(text).equals(bytes)
  return {
    kind,
    deviceId,
    at,
    receivedAt,
    isCut: kept.cut,
    ...(isText ? { text } : { base64: bytes.toString('base64') }),
  }
}
