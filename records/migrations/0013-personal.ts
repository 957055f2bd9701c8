// What elders agreed to, and the erasure of what is kept of them.

import { type Kysely, sql } from 'kysely'
import { isPostgres, textType } from '../engine.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await addConsents(db)
  await addErasures(db)
  // Whose calls these are is asked of all of them at once.
  await sql`create index calls_resident on calls (resident_id) where resident_id is not null`.execute(db)
  await sql`create index calls_number on calls (number) where number is not null`.execute(db)
}

async function addConsents(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('consents')
    .addColumn('residentId', text, c => c.notNull())
    .addColumn('seq', 'integer', c => c.notNull())
    .addColumn('purpose', text, c => c.notNull())
    .addColumn('state', text, c => c.notNull())
    .addColumn('by', text, c => c.notNull())
    .addColumn('byName', text)
    .addColumn('relation', text)
    .addColumn('how', text, c => c.notNull())
    .addColumn('textVersion', text, c => c.notNull())
    .addColumn('saidAt', 'bigint', c => c.notNull())
    .addColumn('recordedAt', 'bigint', c => c.notNull())
    .addColumn('recordedBy', text, c => c.notNull())
    .addPrimaryKeyConstraint('consentsId', ['residentId', 'seq'])
    .execute()
  await (isPostgres(db) ? guardOnPostgres(db) : guardOnSqlite(db))
}

// Of a row only the name and the relation of a guardian may change, and only to nothing: that is what erasure does.

async function guardOnPostgres(db: Kysely<unknown>): Promise<void> {
  await sql`create function consents_only_grow() returns trigger language plpgsql as $$ begin
      if tg_op = 'UPDATE'
        and to_jsonb(new) - 'by_name' - 'relation' = to_jsonb(old) - 'by_name' - 'relation'
        and (new.by_name is null or new.by_name is not distinct from old.by_name)
        and (new.relation is null or new.relation is not distinct from old.relation)
      then return new; end if;
      raise exception 'what was agreed to only grows';
    end $$`.execute(db)
  await sql`create trigger consents_only_grow before update or delete on consents
    for each row execute function consents_only_grow()`.execute(db)
}

async function guardOnSqlite(db: Kysely<unknown>): Promise<void> {
  const refusal = sql`begin select raise(abort, 'what was agreed to only grows'); end`
  await sql`create trigger consents_no_update before update of
    resident_id, seq, purpose, state, "by", how, text_version, said_at, recorded_at, recorded_by
    on consents ${refusal}`.execute(db)
  await sql`create trigger consents_no_renaming before update of by_name, relation on consents
    when (new.by_name is not null and new.by_name is not old.by_name)
      or (new.relation is not null and new.relation is not old.relation) ${refusal}`.execute(db)
  await sql`create trigger consents_no_delete before delete on consents ${refusal}`.execute(db)
  await sql`create trigger consents_no_replace before insert on consents
    when exists (select 1 from consents where resident_id = new.resident_id and seq = new.seq)
    ${refusal}`.execute(db)
}

async function addErasures(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('erasures')
    .addColumn('id', text, c => c.primaryKey())
    .addColumn('residentId', text, c => c.notNull().unique())
    .addColumn('state', text, c => c.notNull())
    .addColumn('reason', text, c => c.notNull())
    .addColumn('requestedBy', text, c => c.notNull())
    .addColumn('requestedAt', 'bigint', c => c.notNull())
    .addColumn('spansJson', text, c => c.notNull())
    .addColumn('scannedSeq', 'bigint', c => c.notNull())
    .addColumn('nextAt', 'bigint')
    .addColumn('settleUntil', 'bigint', c => c.notNull())
    .addColumn('erasedAt', 'bigint')
    .addColumn('doneAt', 'bigint')
    .addColumn('problem', text)
    .execute()
  await sql`create index erasures_due on erasures (next_at) where next_at is not null`.execute(db)
}
