// Ways to reach people. A channel belongs to an area and serves what lies in it. Its secrets are written here and
// read only by whoever sends: what people see goes through `toShown`.

import { sql } from 'kysely'
import {
  CHANNEL_ADDRESSES,
  CHANNEL_MADE_UP,
  CHANNEL_SECRETS,
  type ChannelKind,
  channelConfigSchemas,
  type ShownChannel,
} from '../model/channel.ts'
import { HubError } from '../model/error.ts'
import { reasonOfCode } from '../model/field-reason.ts'
import { newId } from '../model/id.ts'
import type { Db, Records, Tx } from './db.ts'
import { type Page, type PageRequest, pagesOf } from './page.ts'
import { leaveSubscriptions } from './push-subscriptions.ts'
import { type Change, given, writeRegistry } from './registry.ts'
import type { Row } from './schema.ts'
import { badField, inScope, requireArea, type Scope } from './scope.ts'
import { storedFacts } from './stored.ts'

type Config = Record<string, unknown>

/** A channel with its secrets, for whoever sends. */
export type StoredChannel = {
  id: string
  kind: ChannelKind
  name: string
  areaId: string
  enabled: boolean
  config: Config
  /** Moves with every change. Epoch ms. */
  changedAt: number
}

export type NewChannel = {
  id?: string | undefined
  kind: ChannelKind
  name: string
  areaId: string
  enabled: boolean
  config: Config
}
/** Fields of `config` that are not named stay; one that is null is taken away. */
export type ChannelChange = Change<{ name: string; areaId: string; enabled: boolean; config: Config }>
export type ChannelFilter = { scope: Scope; kind?: ChannelKind | undefined }

/** Live channels of the scope, by name, without secrets. */
export async function listChannels(
  db: Db,
  { scope, kind, cursor, limit }: ChannelFilter & PageRequest,
): Promise<Page<ShownChannel>> {
  const pages = pagesOf({ name: 'channels', order: ['name', 'id'], filter: { kind } })
  let query = liveIn(db, scope).where(pages.after(cursor))
  if (kind !== undefined) query = query.where('kind', '=', kind)
  const rows = await query
    .orderBy('name')
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  return pages.cut(rows, {
    limit,
    keyOf: row => [row.name, row.id],
    toItem: row => toShown(toStored(row)),
  })
}

/** A live channel of the scope, without secrets. */
export async function getChannel(
  db: Db,
  where: { scope: Scope; id: string },
): Promise<ShownChannel | undefined> {
  const stored = await getStoredChannel(db, where)
  return stored && toShown(stored)
}

/** A live channel of the scope with its secrets. */
export async function getStoredChannel(
  db: Db,
  { scope, id }: { scope: Scope; id: string },
): Promise<StoredChannel | undefined> {
  const row = await liveIn(db, scope).where('id', '=', id).executeTakeFirst()
  return row && toStored(row)
}

/** Channels that serve an area: its own and those above it, the nearest first, with their secrets. */
export async function channelsFor(db: Db, { areaId }: { areaId: string }): Promise<StoredChannel[]> {
  const rows = await serving(db, areaId).selectAll('channels').execute()
  return rows.map(toStored)
}

/** The same without what is set up: who is told must not depend on what stands in there. */
export const waysFor = (
  db: Db,
  { areaId }: { areaId: string },
): Promise<Pick<StoredChannel, 'id' | 'kind'>[]> =>
  serving(db, areaId).select(['channels.id', 'channels.kind']).execute()

const serving = (db: Db, areaId: string) =>
  db
    .selectFrom('channels')
    .innerJoin('areas as its', 'its.id', 'channels.areaId')
    .innerJoin('areas as asked', join => join.on('asked.id', '=', areaId))
    .where('channels.archivedAt', 'is', null)
    .where('channels.enabled', '=', 1)
    .where(
      sql<boolean>`substr(${sql.ref('asked.path')}, 1, length(${sql.ref('its.path')})) = ${sql.ref('its.path')}`,
    )
    .orderBy(sql`length(${sql.ref('its.path')})`, 'desc')
    .orderBy('channels.id')

/** `config` is whole and checked; of a channel that pushes its keys give way to those of the hub. @throws HubError BAD_REQUEST without such an area, CONFLICT. */
export function createChannel(
  records: Records,
  { scope, channel, at }: { scope: Scope; channel: NewChannel; at: number },
) {
  return writeRegistry(records, async (tx): Promise<ShownChannel> => {
    await requireArea(tx, { scope, areaId: channel.areaId })
    const config = { ...channel.config, ...(channel.kind === 'web_push' && (await keysInUse(tx))) }
    const stored: StoredChannel = { ...channel, config, id: channel.id ?? newId('channel'), changedAt: at }
    await tx
      .insertInto('channels')
      .values({ ...toRow(stored), archivedAt: null })
      .execute()
    return toShown(stored)
  })
}

/**
 * The keys by which the hub pushes to browsers already: a browser takes pushes of one key alone, and may belong to a
 * family of two districts. None before there is a channel.
 */
async function keysInUse(tx: Tx): Promise<Config> {
  const row = await tx
    .selectFrom('channels')
    .selectAll()
    .where('kind', '=', 'web_push')
    .where('archivedAt', 'is', null)
    .orderBy('changedAt')
    .orderBy('id')
    .executeTakeFirst()
  const { publicKey, privateKey } = row ? toStored(row).config : {}
  return publicKey === undefined || privateKey === undefined ? {} : { publicKey, privateKey }
}

/**
 * Changes a channel. `check` looks at the whole of it before it is stored, and throws where it cannot be.
 * @throws HubError NOT_FOUND, BAD_REQUEST as for a new one, and for an address that changes without its secrets.
 */
export async function updateChannel(
  records: Records,
  {
    scope,
    id,
    change,
    at,
    check,
  }: {
    scope: Scope
    id: string
    change: ChannelChange
    at: number
    check: (channel: StoredChannel) => Promise<void>
  },
): Promise<ShownChannel> {
  const seen = await getStoredChannel(records.db, { scope, id })
  if (!seen) throw noChannel(id)
  const next = changed(seen, change, at)
  await check(next) // asks the network: not while everybody else waits to write
  return writeRegistry(records, async (tx): Promise<ShownChannel> => {
    const now = await getStoredChannel(tx, { scope, id })
    if (!now) throw noChannel(id)
    if (now.changedAt !== seen.changedAt) throw new HubError('CONFLICT', 'somebody else has just changed it')
    if (next.areaId !== seen.areaId) await requireArea(tx, { scope, areaId: next.areaId })
    await tx.updateTable('channels').set(toRow(next)).where('id', '=', id).execute()
    return toShown(next)
  })
}

/** @throws HubError NOT_FOUND */
export function archiveChannel(
  records: Records,
  { scope, id, at }: { scope: Scope; id: string; at: number },
) {
  return writeRegistry(records, async (tx): Promise<void> => {
    const stored = await getStoredChannel(tx, { scope, id })
    if (!stored) throw noChannel(id)
    const withoutSecrets = JSON.stringify(toShown(stored).config)
    await leaveSubscriptions(tx, { channelId: id })
    await tx
      .updateTable('channels')
      .set({ archivedAt: at, enabled: 0, configJson: withoutSecrets })
      .where('id', '=', id)
      .execute()
  })
}

export const noChannel = (id: string): HubError => new HubError('NOT_FOUND', `there is no channel ${id}`)

function changed(stored: StoredChannel, { config, ...fields }: ChannelChange, at: number): StoredChannel {
  const next = { ...stored, ...given(fields), changedAt: Math.max(at, stored.changedAt + 1) }
  return config === undefined ? next : { ...next, config: changedConfig(stored, config) }
}

function changedConfig({ kind, config: before }: StoredChannel, change: Config): Config {
  for (const name of CHANNEL_MADE_UP[kind]) {
    if (name in change) throw badField(`config.${name}`, 'this is made by the hub', 'made_by_hub')
  }
  const merged = Object.fromEntries(
    Object.entries({ ...before, ...change }).filter(([, value]) => value !== null && value !== undefined),
  )
  requireSecretsAnew({ kind, before, change, merged })
  const parsed = channelConfigSchemas[kind].safeParse(merged)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const { path = [], message = 'is wrong', code } = issue ?? {}
  const isMissing = path.length > 0 && merged[String(path[0])] === undefined
  throw badField(['config', ...path].join('.'), message, isMissing ? 'required' : reasonOfCode(code))
}

/** Or whoever may change an address could have what is secret sent to themselves. */
function requireSecretsAnew({
  kind,
  before,
  change,
  merged,
}: Record<'before' | 'change' | 'merged', Config> & { kind: ChannelKind }): void {
  const isMoved = (CHANNEL_ADDRESSES[kind] as readonly string[]).some(name => before[name] !== merged[name])
  if (!isMoved) return
  const kept = CHANNEL_SECRETS[kind].find(name => before[name as string] !== undefined && !(name in change))
  if (kept !== undefined) {
    throw badField(`config.${kept}`, 'has to be given again when the address changes', 'secret_again')
  }
}

const liveIn = (db: Db, scope: Scope) =>
  db.selectFrom('channels').selectAll().where('archivedAt', 'is', null).where(inScope(scope, 'areaId'))

/** What people may see of it. */
export function toShown({ id, kind, name, areaId, enabled, config }: StoredChannel): ShownChannel {
  const hidden: readonly string[] = CHANNEL_SECRETS[kind]
  const shown = Object.entries(config).filter(([field]) => !hidden.includes(field))
  return {
    id,
    kind,
    name,
    areaId,
    enabled,
    config: Object.fromEntries(shown.map(([field, value]) => [field, withoutQuery(field, value)])),
    secrets: Object.fromEntries(
      hidden.map(field => [field, config[field] === undefined ? ('not_set' as const) : ('set' as const)]),
    ),
  }
}

/** Some receivers have their key in the query of their address. */
function withoutQuery(field: string, value: unknown): unknown {
  if (field !== 'url' || typeof value !== 'string') return value
  const [place, query] = value.split('?')
  return query === undefined ? value : `${place}?(hidden)`
}

function toStored({ configJson, enabled, archivedAt: _, ...row }: Row<'channels'>): StoredChannel {
  return {
    ...row,
    enabled: Number(enabled) === 1,
    config: storedFacts(configJson), // of a broken one nothing is sent, which is said by name
    changedAt: Number(row.changedAt),
  }
}

const toRow = ({ config, enabled, ...channel }: StoredChannel) => ({
  ...channel,
  enabled: Number(enabled),
  configJson: JSON.stringify(config),
})
