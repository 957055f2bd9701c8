// PostgreSQL as a server that is set wrongly, goes away, comes back, and holds the rows of a process that stands
// still.

import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startLog } from '../../log.ts'
import { newId } from '../../model/id.ts'
import { lastSeq, proveWritable, type Records, writeDesk } from '../../records/db.ts'
import * as ground from '../../records/migrations/0001-ground.ts'
import * as usernames from '../../records/migrations/0002-usernames.ts'
import { startNudge } from '../../records/nudge.ts'
import { startNames } from '../../records/postgres.prepared.ts'
import { openPostgresRecords } from '../../records/postgres.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import { eventually } from '../eventually.ts'
import { needs } from '../needs.ts'
import { type PostgresServer, query, startPostgresServer } from '../servers/postgres.ts'

/** Names of all migrations, in order. */
const MIGRATIONS = readdirSync(new URL('../../records/migrations', import.meta.url))
  .map(file => file.replace('.ts', ''))
  .sort()

describe.runIf(needs('postgres'))('PostgreSQL', () => {
  let server: PostgresServer
  let lines: { level: string; msg: string }[] = []
  const opened: Records[] = []
  beforeAll(async () => {
    server = await startPostgresServer()
  })
  afterEach(async () => {
    lines = []
    await Promise.all(opened.splice(0).map(records => records.close()))
    if (server.pid === undefined) await server.start()
  })
  afterAll(() => server.remove())

  async function open(url: string, options: { mayBeAway?: boolean } = {}): Promise<Records> {
    const log = startLog({ level: 'info', destination: { write: line => void lines.push(JSON.parse(line)) } })
    const records = await openPostgresRecords({ url, nudge: startNudge(), log, ...options })
    opened.push(records)
    return records
  }
  const newDatabase = (options?: string) => server.createDatabase(newId('t'), options)
  const said = () => lines.map(({ level, msg }) => `${level}: ${msg}`)
  const sessions = (url: string) =>
    query(url, `select pid from pg_stat_activity where application_name like 'anxin %'`)

  describe('at the start', () => {
    test('one of four processes makes the tables, and all of them find the same records', async () => {
      const url = await newDatabase()
      const hubs = await Promise.all([1, 2, 3, 4].map(() => open(url)))
      expect(new Set(hubs.map(({ epoch }) => epoch)).size).toBe(1)
      expect(await query(url, 'select name from kysely_migration order by name')).toHaveLength(
        MIGRATIONS.length,
      )
      const counters = await query(url, 'select name from counters order by name')
      expect(counters.map(({ name }) => name)).toEqual(['audit', 'changes', 'commands', 'feed'])
      expect(said()).toEqual([])
    })

    test('an older schema is brought up to date, and said', async () => {
      const url = await newDatabase()
      await makeOlder(url)
      await open(url)
      expect(said()).toEqual([
        expect.stringMatching(/^warn: .* had an older schema and was brought up to date/),
      ])
      expect(lines[0]).toMatchObject({ from: '0002-usernames', to: MIGRATIONS.at(-1) })
    })

    test('every text is compared byte by byte, in whatever language the database was made', async () => {
      const url = await newDatabase(`locale 'C.UTF-8' template template0`)
      await open(url)
      const others = await query(
        url,
        `select table_name, column_name from information_schema.columns where table_schema = 'public'
           and data_type = 'text' and collation_name is distinct from 'C'`,
      )
      expect(others).toEqual([])
    })

    const elsewhere = (change: Partial<URL>) => async () => Object.assign(new URL(server.url), change).href
    test.each<[string, () => Promise<string>, string, RegExp]>([
      [
        'another database’s address',
        async () => 'mysql://x:geheim@h/d',
        'CONFIG_INVALID',
        /DATABASE_URL .* looks like/,
      ],
      ['no address', async () => 'geheim', 'CONFIG_INVALID', /DATABASE_URL .* looks like/],
      ['nobody there', elsewhere({ port: '1' }), 'UNAVAILABLE', /127\.0\.0\.1:1 cannot be reached/],
      ['a host without a name', elsewhere({ hostname: 'x.invalid' }), 'UNAVAILABLE', /x\.invalid.*cannot/],
      ['no such database', elsewhere({ pathname: '/nope' }), 'CONFIG_INVALID', /no database nope: create/],
      ['no such user', elsewhere({ username: 'who' }), 'CONFIG_INVALID', /refuses the user who/],
      [
        'a wrong password',
        () => askForPassword('a-wrong-geheim'),
        'CONFIG_INVALID',
        /refuses the user asked .*password/,
      ],
      ['no password', () => askForPassword(''), 'CONFIG_INVALID', /refuses the user asked .*password/],
      ['a user who may not make tables', guest, 'CONFIG_INVALID', /does not let guest make tables/],
      [
        'another encoding',
        () => newDatabase(`encoding 'LATIN1' locale 'C' template template0`),
        'CONFIG_INVALID',
        /encoding LATIN1, and names need UTF8/,
      ],
      ['a database that is full', full, 'UNAVAILABLE', /no connection left \(too many .*\): raise /],
      [
        'TLS that is not there',
        async () => `${await newDatabase()}?sslmode=verify-full`,
        'CONFIG_INVALID',
        /no TLS/,
      ],
      [
        'tables of a newer hub',
        newerSchema,
        'RECORDS_INCOMPATIBLE',
        /newer version of the hub \(schema 9999-later/,
      ],
      [
        'tables of something else',
        foreignTables,
        'RECORDS_INCOMPATIBLE',
        /does not fit .*"users" already exists/,
      ],
    ])('%s is told in one line', async (_what, place, code, line) => {
      const url = await place()
      const error = await open(url).catch((caught: unknown) => caught)
      expect(error).toMatchObject({ code, message: expect.stringMatching(line) })
      expect((error as Error).message).not.toContain('\n')
      expect(`${(error as Error).message}${JSON.stringify(lines)}`).not.toContain('geheim')
    })

    async function askForPassword(password: string): Promise<string> {
      const name = newId('asked')
      const role = `do $$ begin create role asked login password 'right'; exception when others then null; end $$`
      await query(server.url, role)
      await server.createDatabase(name)
      const [{ hba_file: file }] = (await query(server.url, 'show hba_file')) as [{ hba_file: string }]
      const { readFileSync, writeFileSync } = await import('node:fs')
      const rules = readFileSync(file, 'utf8')
      if (!rules.startsWith('host all asked'))
        writeFileSync(file, `host all asked 127.0.0.1/32 scram-sha-256\n${rules}`)
      await query(server.url, 'select pg_reload_conf()')
      const url = new URL(server.url)
      Object.assign(url, { username: 'asked', password, pathname: `/${name}` })
      return url.href
    }
    async function guest(): Promise<string> {
      const url = new URL(await newDatabase())
      await query(url.href, 'create role guest login')
      url.username = 'guest'
      return url.href
    }
    async function full(): Promise<string> {
      const url = new URL(await newDatabase('connection limit 0'))
      await query(server.url, 'create role many login')
      url.username = 'many'
      return url.href
    }
    async function newerSchema(): Promise<string> {
      const url = await newDatabase()
      await (await open(url)).close()
      await query(url, `insert into kysely_migration values ('9999-later', '2030-01-01T00:00:00Z')`)
      return url
    }
    async function foreignTables(): Promise<string> {
      const url = await newDatabase()
      await query(url, 'create table users (x int)')
      return url
    }

    test('a session keeps what it acknowledges, whatever the role or the URL says', async () => {
      const url = new URL(await newDatabase())
      await query(url.href, `alter database ${url.pathname.slice(1)} set synchronous_commit = off`)
      url.searchParams.set('options', '-c synchronous_commit=off -c idle_in_transaction_session_timeout=0')
      const { db } = await open(url.href)
      const { rows } = await sql`select current_setting('synchronous_commit') as kept,
        current_setting('idle_in_transaction_session_timeout') as standstill`.execute(db)
      expect(rows).toEqual([{ kept: 'on', standstill: '3s' }])
    })

    test('whoever works on without it says so in one line, with where it was looked for', async () => {
      await open('postgres://hub:geheim@127.0.0.1:1/anxin', { mayBeAway: true })
      expect(said()).toEqual(['error: the records database is away; this process works on without it'])
      expect(lines[0]).toMatchObject({
        reason: expect.stringMatching(/^PostgreSQL at 127\.0\.0\.1:1 cannot be reached \(.*\): start it, /),
      })
      expect(JSON.stringify(lines)).not.toMatch(/geheim|stack/)
    })

    test('a standby is refused as what it is', async () => {
      const dir = mkdtempSync(join(tmpdir(), 'anxin-postgres-'))
      const standby = await startPostgresServer({ dir })
      onTestFinished(() => standby.remove())
      await standby.stop()
      writeFileSync(join(dir, 'data', 'standby.signal'), '')
      await standby.start()
      await expect(open(standby.url)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: 'PostgreSQL is a standby, which takes no writes; set DATABASE_URL to the primary',
      })
    })

    test('a server that does not write to its disk is refused', async () => {
      const careless = await startPostgresServer({ args: ['-c', 'fsync=off'] })
      try {
        await expect(open(careless.url)).rejects.toMatchObject({
          code: 'CONFIG_INVALID',
          message: expect.stringContaining('fsync off: alarms that were acknowledged are lost'),
        })
      } finally {
        await careless.remove()
      }
    })
  })

  describe.each(['stop', 'kill'] as const)('after a %s', how => {
    test('every query fails at once and says why, and all goes on by itself when it is back', async () => {
      const url = await newDatabase()
      const records = await open(url)
      let hasFailed = false
      void records.failed.then(() => {
        hasFailed = true
      })
      const reads = () => Promise.all([lastSeq(records.read, 'feed'), lastSeq(records.feed, 'feed')])
      await proveWritable(records.db)
      await reads()
      await server[how]()
      const away = { code: 'UNAVAILABLE', message: expect.stringMatching(/^the records database: /) }
      const queries = [() => proveWritable(records.db), reads, () => readSnapshot(records, async () => ({}))]
      // Sessions outlive a server that was killed by some moments.
      await eventually(() => Promise.all(queries.map(query => expect(query()).rejects.toMatchObject(away))))
      const saidSoFar = said()
      expect(saidSoFar.at(-1)).toMatch(/^error: the records database cannot be reached/)
      for (let n = 0; n < 20; n++)
        for (const query of queries) await expect(query()).rejects.toMatchObject(away)
      expect(said()).toEqual(saidSoFar) // once, not with every query
      await server.start()
      await proveWritable(records.db)
      expect(await reads()).toEqual([0, 0])
      expect(said().at(-1)).toBe('info: the records database is back')
      expect(hasFailed).toBe(false)
      expect((await sessions(url)).length).toBeLessThanOrEqual(10)
    })
  })

  test('a transaction that is cut off in the middle is not kept, and ends nothing but itself', async () => {
    const url = await newDatabase()
    const records = await open(url)
    const write = records.db.transaction().execute(async tx => {
      await tx.insertInto('meta').values({ key: 'half', value: 'x' }).execute()
      await server.kill()
      await server.start()
      await tx.insertInto('meta').values({ key: 'other half', value: 'x' }).execute()
    })
    await expect(write).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await query(url, `select key from meta where key like '%half'`)).toEqual([])
    await proveWritable(records.db)
  })

  test('a process that stands still in the middle of an alarm loses its turn, and the next ones go on', async () => {
    const url = await newDatabase()
    const [still, other] = [await open(url), await open(url)]
    const goOn = Promise.withResolvers<void>()
    const standing = writeDesk(still, async tx => {
      await tx.insertInto('meta').values({ key: 'still', value: 'x' }).execute()
      await goOn.promise // as if it were stopped
      await tx.insertInto('meta').values({ key: 'too late', value: 'x' }).execute()
    })
    standing.catch(() => undefined)
    await eventually(async () => {
      const held = await query(url, `select 1 from pg_stat_activity where state = 'idle in transaction'`)
      expect(held).toHaveLength(1)
    })
    // More than there are connections: some wait for the turn, the others for those who wait.
    const next = ['next 1', 'next 2', 'next 3', 'next 4', 'next 5', 'next 6', 'next 7', 'next 8']
    await Promise.all(
      next.map(key => writeDesk(other, tx => tx.insertInto('meta').values({ key, value: 'x' }).execute())),
    )
    goOn.resolve()
    await expect(standing).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    const keys = await query(url, `select key from meta where key ~ '^(still|next|too late)' order by key`)
    expect(keys).toEqual(next.map(key => ({ key })))
    await writeDesk(still, tx => tx.deleteFrom('meta').where('key', '=', 'next 1').execute())
  })

  test('what comes again is kept parsed, and forgotten when a newer hub has changed its table', async () => {
    const url = await newDatabase()
    const records = await open(url)
    const read = () => records.feed.selectFrom('meta').selectAll().where('key', '=', 'epoch').execute()
    const kept = async (): Promise<unknown[]> => {
      const { rows } = await sql`select statement from pg_prepared_statements`.execute(records.feed)
      return rows.filter(row => String((row as { statement: string }).statement).includes('"meta"'))
    }
    for (let n = 0; n < 5; n++) await read()
    expect(await kept()).toHaveLength(1)
    await query(url, 'alter table meta add column newer text')
    await expect(read()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await read()).toHaveLength(1)
    expect(said()).toEqual([])
  })

  test.each([
    ['has forgotten what was kept parsed', 3, () => 'deallocate all'],
    ['is that of another process, which keeps it', 2, (name: string) => `prepare "${name}" as select 1`],
  ])(
    'a session behind a pooler that %s fails once, and not all that follow',
    async (_what, asked, pooled) => {
      const { feed } = await open(await newDatabase())
      const epoch = feed.selectFrom('meta').selectAll().where('key', '=', 'epoch')
      const nameOf = startNames()
      const [, , name = ''] = [1, 2, 3].map(() => nameOf(epoch.compile().sql))
      for (let n = 0; n < asked; n++) await epoch.execute()
      await sql.raw(pooled(name)).execute(feed)
      await expect(epoch.execute()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
      for (let n = 0; n < 5; n++) expect(await epoch.execute()).toHaveLength(1)
      expect(said()).toEqual([])
    },
  )

  test('a server that stands still does not hold up the hub for ever', { timeout: 60_000 }, async () => {
    const url = await newDatabase()
    const records = await open(url)
    await lastSeq(records.feed, 'feed')
    const [{ pid }] = (await query(
      url,
      `select pid from pg_stat_activity where application_name = 'anxin feed' limit 1`,
    )) as [{ pid: number }]
    process.kill(pid, 'SIGSTOP')
    try {
      await expect(lastSeq(records.feed, 'feed')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
      expect(await lastSeq(records.feed, 'feed')).toBe(0) // on another connection
    } finally {
      process.kill(pid, 'SIGCONT')
    }
  })

  test('closing leaves no session behind', async () => {
    const url = await newDatabase()
    const records = await open(url)
    await Promise.all([
      proveWritable(records.db),
      lastSeq(records.read, 'feed'),
      lastSeq(records.feed, 'feed'),
    ])
    await records.close()
    opened.length = 0
    await eventually(async () => expect(await sessions(url)).toEqual([]))
  })
})

/** The tables as a hub of an earlier version made them. */
async function makeOlder(url: string): Promise<void> {
  const dialect = new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) })
  const db = new Kysely<unknown>({ dialect, plugins: [new CamelCasePlugin()] })
  const older = { '0001-ground': ground, '0002-usernames': usernames }
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => older },
  }).migrateToLatest()
  await db.destroy()
  if (error) throw error
}
