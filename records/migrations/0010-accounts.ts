// Second factors, failed sign-ins, and the log of who did what, which only grows.

import { type Kysely, sql } from 'kysely'
import { newSecret } from '../../model/id.ts'
import { isPostgres, textType } from '../engine.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await addSecondFactors(db)
  await addSignIns(db)
  await addAudit(db)
}

async function addSecondFactors(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('secondFactors')
    .addColumn('userId', text, c => c.primaryKey())
    .addColumn('secret', text, c => c.notNull())
    .addColumn('confirmedAt', 'bigint')
    .addColumn('lastStep', 'bigint', c => c.notNull())
    .execute()
  await db.schema
    .createTable('recoveryCodes')
    .addColumn('userId', text, c => c.notNull())
    .addColumn('codeHash', text, c => c.notNull())
    .addPrimaryKeyConstraint('recoveryCodesId', ['userId', 'codeHash'])
    .execute()
}

async function addSignIns(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('signInFailures')
    .addColumn('key', text, c => c.primaryKey())
    .addColumn('account', text)
    .addColumn('failures', 'integer', c => c.notNull())
    .addColumn('lastAt', 'bigint', c => c.notNull())
    .addColumn('blockedUntil', 'bigint', c => c.notNull())
    .execute()
  await db.schema.createIndex('signInFailuresAccount').on('signInFailures').column('account').execute()
  await db.schema.createIndex('signInFailuresLast').on('signInFailures').column('lastAt').execute()
  await db.schema
    .createTable('signInPlaces')
    .addColumn('userId', text, c => c.notNull())
    .addColumn('place', text, c => c.notNull())
    .addColumn('at', 'bigint', c => c.notNull())
    .addPrimaryKeyConstraint('signInPlacesId', ['userId', 'place'])
    .execute()
  await db.schema.createIndex('sessionsUser').on('sessions').column('userId').ifNotExists().execute()
}

async function addAudit(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('audit')
    .addColumn('seq', 'bigint', c => c.primaryKey())
    .addColumn('at', 'bigint', c => c.notNull())
    .addColumn('actorId', text)
    .addColumn('action', text, c => c.notNull())
    .addColumn('targetType', text)
    .addColumn('targetId', text)
    .addColumn('areaId', text, c => c.notNull())
    .addColumn('reason', text)
    .addColumn('detailHash', text)
    .addColumn('prevHash', text, c => c.notNull())
    .addColumn('hash', text, c => c.notNull())
    .execute()
  await db.schema.createIndex('auditTarget').on('audit').columns(['targetId', 'seq']).execute()
  await db.schema.createIndex('auditActor').on('audit').columns(['actorId', 'seq']).execute()
  await sql`insert into counters (name, value) values ('audit', 0)`.execute(db)
  await sql`insert into meta (key, value) values ('auditKey', ${newSecret()})`.execute(db)
  await (isPostgres(db) ? refuseOnPostgres(db) : refuseOnSqlite(db))
}

async function refuseOnPostgres(db: Kysely<unknown>): Promise<void> {
  await sql`create function audit_only_grows() returns trigger language plpgsql as
    $$ begin raise exception 'the audit log only grows'; end $$`.execute(db)
  await sql`create trigger audit_only_grows before update or delete or truncate on audit
    for each statement execute function audit_only_grows()`.execute(db)
}

/** "insert or replace" deletes without asking the trigger of deletions, and so has one of its own. */
async function refuseOnSqlite(db: Kysely<unknown>): Promise<void> {
  await sql`create trigger audit_no_update before update on audit
    begin select raise(abort, 'the audit log only grows'); end`.execute(db)
  await sql`create trigger audit_no_delete before delete on audit
    begin select raise(abort, 'the audit log only grows'); end`.execute(db)
  await sql`create trigger audit_no_replace before insert on audit
    when exists (select 1 from audit where seq = new.seq)
    begin select raise(abort, 'the audit log only grows'); end`.execute(db)
}
