// Brings the tables up to this version of the hub, on both engines. Of several processes that start at once,
// one does it and the others wait: the engine's migration lock sees to that.

import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { HubError } from '../model/error.ts'
import type { Log } from '../model/log.ts'
import * as ground from './migrations/0001-ground.ts'
import * as usernames from './migrations/0002-usernames.ts'
import * as detection from './migrations/0003-detection.ts'
import * as jobs from './migrations/0004-jobs.ts'
import * as outageLists from './migrations/0005-outage-lists.ts'
import * as channels from './migrations/0006-channels.ts'
import * as notification from './migrations/0007-notification.ts'
import * as handling from './migrations/0008-handling.ts'
import * as calls from './migrations/0009-calls.ts'
import * as accounts from './migrations/0010-accounts.ts'
import * as privacy from './migrations/0011-privacy.ts'
import * as retention from './migrations/0012-retention.ts'
import * as personal from './migrations/0013-personal.ts'
import * as heard from './migrations/0014-heard.ts'
import * as family from './migrations/0015-family.ts'
import * as once from './migrations/0016-once.ts'
import * as deliveries from './migrations/0017-deliveries.ts'
import * as allowances from './migrations/0018-allowances.ts'
import type { Tables } from './schema.ts'

/** The migrations in order; their names are stored, so they never change. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-ground': ground,
  '0002-usernames': usernames,
  '0003-detection': detection,
  '0004-jobs': jobs,
  '0005-outage-lists': outageLists,
  '0006-channels': channels,
  '0007-notification': notification,
  '0008-handling': handling,
  '0009-calls': calls,
  '0010-accounts': accounts,
  '0011-privacy': privacy,
  '0012-retention': retention,
  '0013-personal': personal,
  '0014-heard': heard,
  '0015-family': family,
  '0016-once': once,
  '0017-deliveries': deliveries,
  '0018-allowances': allowances,
}
const NAMES = Object.keys(MIGRATIONS)

/**
 * Migrates to the newest version; says so in the log when there was an older one. `what` is the database as
 * people know it, such as `records.db`. @throws HubError RECORDS_INCOMPATIBLE
 */
export async function migrate(
  db: Kysely<Tables>,
  { what, log }: { what: string; log?: Log | undefined },
): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) throw await incompatible(db, { what, error })
  const before = NAMES[NAMES.indexOf(results[0]?.migrationName ?? '') - 1]
  const to = NAMES.at(-1)
  if (before) log?.warn({ from: before, to }, `${what} had an older schema and was brought up to date`)
}

async function incompatible(
  db: Kysely<Tables>,
  { what, error }: { what: string; error: unknown },
): Promise<unknown> {
  if (error instanceof HubError) return error
  const [unknown] = (await appliedTo(db)).filter(name => !NAMES.includes(name))
  const message = error instanceof Error ? error.message : String(error)
  const reason = unknown
    ? `was written by a newer version of the hub (schema ${unknown}, this one knows ${NAMES.at(-1)}): start that version`
    : `does not fit this version of the hub: ${message}`
  return new HubError('RECORDS_INCOMPATIBLE', `${what} ${reason}`, { cause: error })
}

/** Names of the migrations that the database has behind it; none when even that cannot be read. */
async function appliedTo(db: Kysely<Tables>): Promise<string[]> {
  const noted = db.withTables<{ kyselyMigration: { name: string } }>().selectFrom('kyselyMigration')
  try {
    return (await noted.select('name').orderBy('name').execute()).map(({ name }) => name)
  } catch {
    return [] // the error that led here says more
  }
}
