// Brings the rows of a file into the registry one after the other, or only says what would become of them. Each row is
// its own transaction with its own line in the audit log; one that cannot be taken holds up no other.

import { setImmediate as breath } from 'node:timers/promises'
import { type ErrorCode, HubError } from '../../model/error.ts'
import {
  IMPORT_ERRORS_MAX,
  type ImportError,
  type ImportNoun,
  type ImportOutcome,
  type ImportReason,
  type ImportReport,
} from '../../model/import.ts'
import type { Log } from '../../model/log.ts'
import { appendAudit } from '../../records/audit.ts'
import type { Db, Records } from '../../records/db.ts'
import { type Deed, doing } from '../../records/deeds.ts'
import { importDevice, planDevice, type RowOfDevice, readWearables } from '../../records/import-devices.ts'
import {
  type ImportWrite,
  importResident,
  planResident,
  type Registered,
  type RowFault,
  type RowOfResident,
  readElders,
  type Written,
} from '../../records/import-residents.ts'
import { cannotWrite } from '../../records/refusal.ts'
import { areaOfScope, type Scope } from '../../records/scope.ts'
import { areaFinder, readAreas } from './areas.ts'
import { type ReadTable, readRow } from './cells.ts'
import { deviceRow, residentRow, type TakenRow } from './rows.ts'

type Planned = { faults: RowFault[] } | { outcome: Exclude<ImportOutcome, 'failed'>; newDevices: string[] }

/** What differs between elders and wearables. */
type Kind<T extends { key: string }> = {
  take: (...given: Parameters<typeof residentRow>) => TakenRow<T>
  /** What no two rows of a file may have, and the field that it stands in. */
  ownOf(taken: T): { own: string; field: string }[]
  planner(db: Db, rows: { scope: Scope; rows: readonly T[] }): Promise<(row: T) => Planned>
  write(records: Records, row: T, write: ImportWrite): Promise<Written>
  /** As the audit log calls it. */
  target: string
}

const RESIDENTS: Kind<RowOfResident> = {
  take: residentRow,
  ownOf: ({ key, devices }) => [
    { own: `elder ${key}`, field: 'key' },
    ...devices.map(({ id, field }) => ({ own: `device ${id}`, field })),
  ],
  async planner(db, asked) {
    const known = await readElders(db, asked)
    return row => {
      const planned = planResident(row, known)
      if ('faults' in planned) return planned
      const { outcome, devices } = planned.plan
      return { outcome, newDevices: devices.flatMap(({ id, isNew }) => (isNew ? [id] : [])) }
    }
  },
  write: importResident,
  target: 'resident',
}

const DEVICES: Kind<RowOfDevice> = {
  take: deviceRow,
  ownOf: ({ key }) => [{ own: key, field: 'key' }],
  async planner(db, asked) {
    const known = await readWearables(db, asked)
    return row => {
      const planned = planDevice(row, known)
      if ('faults' in planned) return planned
      const { outcome } = planned.plan
      return { outcome, newDevices: outcome === 'created' ? [row.key] : [] }
    }
  },
  write: importDevice,
  target: 'device',
}

export type Bringing = {
  records: Records
  log: Log
  scope: Scope
  /** Where an elder is of whom no row says it. */
  areaId: string
  by: string
  at: number
  dryRun: boolean
}

type Row = ImportReport['rows'][number]

/** Rows that are looked at before others have their turn: a press of the red key waits for a millisecond or two. */
const ROWS_AT_ONCE = 25

export function bring(noun: ImportNoun, table: ReadTable, bringing: Bringing): Promise<ImportReport> {
  return noun === 'residents'
    ? bringKind(RESIDENTS, { noun, table, bringing })
    : bringKind(DEVICES, { noun, table, bringing })
}

async function bringKind<T extends { key: string }>(
  kind: Kind<T>,
  { noun, table, bringing }: { noun: ImportNoun; table: ReadTable; bringing: Bringing },
): Promise<ImportReport> {
  const { records, scope, dryRun } = bringing
  const taken = await takeRows(kind, { noun, table, bringing })
  const rows: Row[] = []
  const errors: ImportError[] = []
  let errorCount = 0
  const tell = (found: readonly ImportError[]): void => {
    errorCount += found.length
    errors.push(...found.slice(0, IMPORT_ERRORS_MAX - errors.length))
  }
  const devices: ImportReport['devices'] = []
  /** The records are away: the rows behind it are not tried. */
  let isCut = false
  let plan: (row: T) => Planned = () => ({ faults: [] })
  for (const [index, each] of taken.entries()) {
    const { read } = each
    if (isCut) {
      rows.push({ row: read.row, key: read.key, outcome: 'failed' })
      tell([read.errorAt('key', 'unavailable')])
      continue
    }
    if (index % ROWS_AT_ONCE === 0) {
      await breath()
      const some = taken.slice(index, index + ROWS_AT_ONCE).filter(row => row.errors.length === 0)
      const rowsOfSome = some.map(row => row.taken)
      plan = await kind.planner(records.read, { scope, rows: rowsOfSome }).catch((error: unknown) => {
        if (devices.length === 0) throw error // nothing is lost with this answer
        bringing.log.warn({ error }, 'an import could not go on')
        return () => ({ faults: [{ field: 'key', reason: 'unavailable' }] })
      })
    }
    const done = await rowDone(kind, { noun, each, plan, bringing })
    isCut = done.errors.some(({ reason }) => reason === 'unavailable')
    rows.push({ row: read.row, key: read.key, outcome: done.outcome })
    tell(done.errors)
    devices.push(...done.registered.map(device => ({ row: read.row, ...device })))
  }
  const counts = { created: 0, updated: 0, unchanged: 0, failed: 0 }
  for (const { outcome } of rows) counts[outcome]++
  const { encoding, columns } = table
  return { dryRun, encoding, columns, counts, rows, errors, errorCount, devices }
}

async function takeRows<T extends { key: string }>(
  kind: Kind<T>,
  { noun, table, bringing }: { noun: ImportNoun; table: ReadTable; bringing: Bringing },
): Promise<TakenRow<T>[]> {
  const findArea = areaFinder(await readAreas(bringing.records.read, bringing.scope))
  const known = new Set<string>()
  const taken: TakenRow<T>[] = []
  for (const [index, cells] of table.rows.entries()) {
    if (index % ROWS_AT_ONCE === 0) await breath()
    const row = kind.take(readRow(noun, cells, table.columns), findArea)
    for (const { own, field } of kind.ownOf(row.taken)) {
      if (known.has(own) && row.taken.key !== '') row.errors.push(row.read.errorAt(field, 'twice'))
      known.add(own)
    }
    taken.push(row)
  }
  return taken
}

type Done = { outcome: ImportOutcome; errors: ImportError[]; registered: NewDevice[] }
type NewDevice = Omit<ImportReport['devices'][number], 'row'>

async function rowDone<T extends { key: string }>(
  kind: Kind<T>,
  {
    noun,
    each,
    plan,
    bringing,
  }: { noun: ImportNoun; each: TakenRow<T>; plan: (row: T) => Planned; bringing: Bringing },
): Promise<Done> {
  const { read, taken } = each
  const failed = (errors: ImportError[]): Done => ({ outcome: 'failed', errors, registered: [] })
  const faulty = (faults: readonly RowFault[]): Done =>
    failed(faults.map(({ field, reason }) => read.errorAt(field, reason)))
  if (each.errors.length > 0) return failed(each.errors)
  const planned = plan(taken)
  if ('faults' in planned) return faulty(planned.faults)
  const { outcome, newDevices } = planned
  if (bringing.dryRun || outcome === 'unchanged')
    return { outcome, errors: [], registered: newDevices.map(deviceId => ({ deviceId, secret: null })) }
  const written = await writeRow(kind, { noun, taken, bringing })
  return written.ok ? { ...written, errors: [] } : faulty(written.faults)
}

async function writeRow<T extends { key: string }>(
  kind: Kind<T>,
  { noun, taken, bringing }: { noun: ImportNoun; taken: T; bringing: Bringing },
): Promise<
  { ok: true; outcome: ImportOutcome; registered: Registered[] } | { ok: false; faults: RowFault[] }
> {
  const { records, scope, areaId, at, by, log } = bringing
  const deed: Deed = {
    isWritten: false,
    append: tx =>
      appendAudit(tx, {
        at,
        actorId: by,
        action: `POST /import/${noun}`,
        targetType: kind.target,
        targetId: taken.key,
        areaId: areaOfScope(scope),
        detail: taken,
      }),
  }
  try {
    return await doing(deed, () => kind.write(records, taken, { scope, areaId, at, by }))
  } catch (error) {
    log.warn({ error, row: taken.key }, 'a row of an import could not be taken')
    // Secrets of the rows before it are in this answer alone.
    return { ok: false, faults: [{ field: 'key', reason: reasonOf(error) }] }
  }
}

function reasonOf(error: unknown): ImportReason {
  const changed = error instanceof HubError ? CHANGED_MEANWHILE[error.code] : undefined
  return changed ?? (cannotWrite(error) ? 'unavailable' : 'unexpected')
}

/** What it hangs on was taken or went away between the look and the write. */
const CHANGED_MEANWHILE: Partial<Record<ErrorCode, ImportReason>> = {
  CONFLICT: 'taken',
  BAD_REQUEST: 'invalid',
  NOT_FOUND: 'invalid',
}
