// What devices are asked to do: written here, sent by the broker that holds the device (downlink.ts), and kept. Every
// write of a command is in a transaction of `writeDesk`, so that none of them waits for another one's rows.

import {
  COMMAND_LIFETIME_MS,
  type Command,
  type CommandState,
  type NewCommand,
  PENDING_MAX,
  PENDING_STATES,
} from '../model/command.ts'
import { HubError } from '../model/error.ts'
import { newId } from '../model/id.ts'
import { type Db, type Records, type Tx, takeSeq, writeDesk } from './db.ts'
import { getDevice } from './devices.ts'
import { type Page, type PageRequest, pagesOf } from './page.ts'
import { notFound } from './registry.ts'
import type { Row } from './schema.ts'
import type { Scope } from './scope.ts'
import { slicesOf } from './slices.ts'

/** A command to be written. Times are epoch ms. */
export type CommandToWrite = Pick<Command, 'deviceId' | 'name' | 'args' | 'createdAt' | 'expiresAt'> & {
  byUserId?: string
  incidentId?: string
  /** The command that it takes back; each is taken back once. */
  undoOf?: string
}

/** Why a command is cancelled: a newer one of its kind, or its alarm is over. */
export type CancelReason = 'superseded' | 'over'

/**
 * Writes commands, in this order. An `interval` takes the place of those that the device has not answered yet: of
 * settings the last one counts, also when an earlier one would be tried again. Nudge `commands` after it.
 */
export async function writeCommands(tx: Tx, commands: readonly CommandToWrite[]): Promise<Command[]> {
  if (commands.length === 0) return []
  const settings = commands.filter(({ name }) => name === 'interval').map(({ deviceId }) => deviceId)
  for (const slice of slicesOf(settings)) await supersede(tx, slice)
  const first = await takeSeq(tx, 'commands', commands.length)
  const rows = commands.map((command, index) => toRow(command, first + index))
  for (const slice of slicesOf(rows)) await tx.insertInto('commands').values(slice).execute()
  return rows.map(toCommand)
}

async function supersede(tx: Tx, deviceIds: readonly string[]): Promise<void> {
  const reason: CancelReason = 'superseded'
  await tx
    .updateTable('commands')
    .set({ state: 'cancelled', detail: reason })
    .where('deviceId', 'in', deviceIds)
    .where('name', '=', 'interval')
    .where('state', 'in', PENDING_STATES)
    .execute()
}

/**
 * Asks a device of the scope for something; `by` is a user's id. It is on its way once this resolves.
 * @throws HubError NOT_FOUND; CONFLICT when the device has too many commands that it has not answered.
 */
export async function askDevice(
  records: Pick<Records, 'db' | 'nudge'>,
  {
    scope,
    deviceId,
    command,
    at,
    by,
  }: { scope: Scope; deviceId: string; command: NewCommand; at: number; by: string },
): Promise<Command> {
  const { name, args } = command
  const asked = await writeDesk(records, async tx => {
    const device = await getDevice(tx, { scope, id: deviceId })
    if (!device || device.archivedAt !== null) throw notFound('device', deviceId)
    if ((await countPending(tx, deviceId)) >= PENDING_MAX)
      throw new HubError('CONFLICT', `the device has ${PENDING_MAX} commands that it has not answered`)
    const expiresAt = at + COMMAND_LIFETIME_MS[name]
    const [written] = await writeCommands(tx, [
      { deviceId, name, args, createdAt: at, expiresAt, byUserId: by },
    ])
    return written as Command
  })
  records.nudge.publish('commands')
  return asked
}

/** How many commands a device has not answered yet. */
async function countPending(db: Db, deviceId: string): Promise<number> {
  const { count } = await db
    .selectFrom('commands')
    .select(e => e.fn.countAll().as('count'))
    .where('deviceId', '=', deviceId)
    .where('state', 'in', PENDING_STATES)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export type CommandFilter = PageRequest & { deviceId: string; state?: CommandState | undefined }

/** The commands of a device, newest first. The caller has seen to it that the device may be seen. */
export async function listCommands(
  db: Db,
  { deviceId, state, cursor, limit }: CommandFilter,
): Promise<Page<Command>> {
  const filter = { deviceId, state }
  const pages = pagesOf({ name: 'commands', order: ['seq'], numbers: ['seq'], isDescending: true, filter })
  let found = db
    .selectFrom('commands')
    .selectAll()
    .where('deviceId', '=', deviceId)
    .where(pages.after(cursor))
    .orderBy('seq', 'desc')
    .limit(limit + 1)
  if (state !== undefined) found = found.where('state', '=', state)
  return pages.cut(await found.execute(), { limit, keyOf: row => [row.seq], toItem: toCommand })
}

/** One command of a device. */
export async function getCommand(
  db: Db,
  { deviceId, id }: { deviceId: string; id: string },
): Promise<Command | undefined> {
  const row = await db
    .selectFrom('commands')
    .selectAll()
    .where('id', '=', id)
    .where('deviceId', '=', deviceId)
    .executeTakeFirst()
  return row && toCommand(row)
}

function toRow(command: CommandToWrite, seq: number): Row<'commands'> {
  const { deviceId, name, args, createdAt, expiresAt, byUserId, incidentId, undoOf } = command
  return {
    id: newId('cmd'),
    seq,
    deviceId,
    name,
    argsJson: JSON.stringify(args),
    state: 'queued',
    createdAt,
    expiresAt,
    attempts: 0,
    triedAt: null,
    sentAt: null,
    ackedAt: null,
    detail: null,
    byUserId: byUserId ?? null,
    incidentId: incidentId ?? null,
    undoOf: undoOf ?? null,
    overAt: null,
  }
}

const toCommand = (row: Row<'commands'>): Command => ({
  id: row.id,
  deviceId: row.deviceId,
  name: row.name,
  args: JSON.parse(row.argsJson),
  state: row.state,
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
  attempts: row.attempts,
  sentAt: row.sentAt,
  ackedAt: row.ackedAt,
  detail: row.detail,
  byUserId: row.byUserId,
  incidentId: row.incidentId,
  undoOf: row.undoOf,
})
